"""Returned mail as servers write it."""


def report(message_id: str, status: str = "5.1.1", action: str = "failed", headers_only: bool = False) -> bytes:
    """A delivery status notification (RFC 3464)."""
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    return f"""\
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: onderzoek@peilwijs.invalid
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry. Jan de Vries <jan@example.nl> could not be reached.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; jan@example.nl
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} Jan de Vries is gone

--b
Content-Type: {kind}

From: onderzoek@peilwijs.invalid
Message-ID: <{message_id}>
Subject: Wat vindt u van Werkpad?

--b--
""".encode()


def exim(message_id: str) -> bytes:
    """Exim, which knows no such form."""
    return f"""\
From: Mail Delivery System <Mailer-Daemon@host.example>
X-Failed-Recipients: jan@example.nl
Subject: Mail delivery failed: returning message to sender
Content-Type: text/plain

A message that you sent could not be delivered to one or more of its recipients.

  jan@example.nl
    host mx.example [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<jan@example.nl>:
    550 no such user

------ This is a copy of the message, including all the headers. ------

Message-ID: <{message_id}>
Subject: Wat vindt u van Werkpad?
""".encode()


def qmail(message_id: str) -> bytes:
    """qmail."""
    return f"""\
From: MAILER-DAEMON@host.example
Subject: failure notice

Hi. This is the qmail-send program at host.example.
This is a permanent error; I've given up. Sorry it didn't work out.

<jan@example.nl>:
Sorry, no mailbox here by that name.

--- Below this line is a copy of the message.

Message-ID: <{message_id}>
""".encode()


def on_holiday(message_id: str) -> bytes:
    """An automatic answer: no bounce, whatever it says."""
    return f"""\
From: Jan <jan@example.nl>
In-Reply-To: <{message_id}>
Auto-Submitted: auto-replied
Subject: Afwezig, bel 550 5.1.1

Ik ben met vakantie. Mijn postbus is undeliverable.
""".encode()
