"""A message as an e-mail: plain text and HTML, and the headers that mail programs act upon.

Nothing that users typed (the names of providers, addresses) can add a header, end a line or pass for an encoded word.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache

from css_inline import CSSInliner
from jinja2 import Environment, Template

from app import clock
from app.channels import Envelope
from app.settings import settings
from app.web.pages import environment

WIDTH = 72  # of a line of plain text, so that a quoted one still fits
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[bqBQ]\?")
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[^\s@<>()\[\]\\,;:\"]{1,255}")
_ISOLATES = "\u2066\u2067\u2068\u2069"


class Unmailable(Exception):
    """This message cannot become an e-mail. Says why, without naming people."""


@dataclass(frozen=True)
class Piece:
    """A part of a paragraph. `kind`: text, link (the way to the questionnaire) or phone (read from left to right)."""

    kind: str
    text: str


def as_mail(envelope: Envelope) -> EmailMessage:
    """The message as it goes over the wire.

    Raises:
        Unmailable: when a header would hold what no header may hold.
    """
    mail = EmailMessage(policy=policy.SMTP if envelope.to.isascii() else policy.SMTPUTF8)
    mail["From"] = Address(header_text(settings().agency_name), addr_spec=_address(settings().mail_from))
    mail["To"] = Address(addr_spec=_address(envelope.to))
    if settings().mail_reply_to:
        mail["Reply-To"] = Address(addr_spec=_address(settings().mail_reply_to))
    mail["Subject"] = header_text(envelope.subject)
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{header_text(envelope.message_id)}>"
    if envelope.unsubscribe_link:
        mail["List-Unsubscribe"] = ", ".join(f"<{header_text(link)}>" for link in _ways_out(envelope))
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"  # no automatic answers, please
    mail.set_content(plain_text(envelope), cte="quoted-printable")
    mail.add_alternative(html(envelope), subtype="html", cte="quoted-printable")
    mail["Content-Language"] = envelope.language
    return mail


def _ways_out(envelope: Envelope) -> Iterator[str]:
    yield envelope.unsubscribe_link
    if settings().mail_unsubscribe:
        yield f"mailto:{settings().mail_unsubscribe}?subject={envelope.message_id}"


def header_text(text: str) -> str:
    """A text that may stand in a header.

    Raises:
        Unmailable: when it would end the line, or be read as something else than it says.
    """
    if _CONTROL.search(text):
        raise Unmailable("a control character in a header")
    if _ENCODED_WORD.search(text):
        raise Unmailable("an encoded word in a header")
    return text


def _address(text: str) -> str:
    """One address, not a list of them nor anything around it.

    Raises:
        Unmailable: when it is none.
    """
    if not _ADDRESS.fullmatch(header_text(text)):
        raise Unmailable("an address that is none")
    return text


def html(envelope: Envelope) -> str:
    """The message as a page without anything from elsewhere, its style written at each element."""
    template = environment(envelope.language).get_template("mail.html")
    return _inliner().inline(template.render(_context(envelope)))


def plain_text(envelope: Envelope) -> str:
    """The message for who reads no HTML: wrapped, every link on a line of its own."""
    wrapped = [_wrapped(pieces(paragraph, envelope.link)) for paragraph in envelope.paragraphs]
    template = _plain_template(environment(envelope.language))
    return template.render(_context(envelope) | {"paragraphs": wrapped}).strip() + "\n"


@cache
def _plain_template(jinja: Environment) -> Template:
    """Nothing in plain text is HTML, so nothing is escaped as such."""
    return jinja.overlay(autoescape=False).get_template("mail.txt")


def _context(envelope: Envelope) -> dict[str, object]:
    paragraphs = [tuple(pieces(paragraph, envelope.link)) for paragraph in envelope.paragraphs]
    with_link = [number for number, parts in enumerate(paragraphs) if any(part.kind == "link" for part in parts)]
    return {
        "mail": envelope,
        "paragraphs": paragraphs,
        "n_before_button": (with_link[0] + 1) if with_link else len(paragraphs),
        "has_link": bool(with_link),
        "agency_address": settings().agency_address,
    }


def pieces(paragraph: str, link: str) -> Iterator[Piece]:
    """A paragraph, taken apart where the link or our telephone number stands."""
    wanted = "|".join(re.escape(text) for text in (link, settings().help_phone) if text)
    for part in re.split(f"[{_ISOLATES}]?({wanted})[{_ISOLATES}]?", paragraph):
        if part:
            yield Piece("link" if part == link else "phone" if part == settings().help_phone else "text", part)


def _wrapped(parts: Iterable[Piece]) -> str:
    """A paragraph in lines; a link alone on its line, so that no full stop is taken for a part of it."""
    lines = [""]
    for part in parts:
        if part.kind == "link":
            lines += [part.text, ""]
        elif part.kind == "phone":
            lines[-1] += f"\u2066{part.text}\u2069" if _is_right_to_left(lines[-1]) else part.text
        else:
            lines[-1] += part.text.lstrip(" .,") if len(lines) > 1 and not lines[-1] else part.text
    return "\n".join(
        textwrap.fill(line.strip(), WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in lines
        if line.strip()
    )


def _is_right_to_left(text: str) -> bool:
    return re.search("[\u0590-\u08ff]", text) is not None


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)
