"""An e-mail as people read it, and the headers that programs act upon."""

import html as html_entities
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.channels import Envelope, Outcome
from app.channels.email import Email
from app.channels.mail_form import Unmailable, as_mail, header_text, html, plain_text
from app.channels.mailbox import newest
from tests.surroundings.environment import SECRET, Environment

LINK = "https://x.example/v/AbCd"
ENVELOPE = Envelope(
    message_id="0123456789abcdef@localhost",
    to="jan@example.nl",
    language="nl",
    subject="Wat vindt u van Werkpad?",
    paragraphs=("U kreeg hulp van <b>Werkpad</b> & co.", f"Dit is uw link: {LINK}. Lukt het niet? Bel 088 000 1234."),
    button="Start",
    link=LINK,
    unsubscribe_link="https://x.example/afmelden/1.ab",
)


@pytest.fixture(autouse=True)
def _settings(var_folder: Path) -> None:
    """Settings of nobody in particular."""


def test_the_headers_say_who_sends_how_to_stop_and_that_nobody_should_answer_by_machine() -> None:
    mail = as_mail(ENVELOPE)
    assert mail["From"] == "Peilwijs Onderzoek <onderzoek@peilwijs.invalid>"
    assert mail["List-Unsubscribe"] == "<https://x.example/afmelden/1.ab>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "nl")
    assert mail["Date"].datetime.tzinfo is not None
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_answers_and_opting_out_by_mail_go_where_the_settings_say() -> None:
    given = {"PEILWIJS_MAIL_REPLY_TO": "vraag@x.nl", "PEILWIJS_MAIL_UNSUBSCRIBE": "stop@x.nl"}
    with Environment(PEILWIJS_SECRET_KEY=SECRET, **given):
        mail = as_mail(ENVELOPE)
    assert mail["Reply-To"] == "vraag@x.nl"
    assert f"<mailto:stop@x.nl?subject={ENVELOPE.message_id}>" in mail["List-Unsubscribe"]


def test_plain_text_is_wrapped_and_each_link_has_a_line_of_its_own() -> None:
    long = replace(ENVELOPE, paragraphs=("woord " * 60, *ENVELOPE.paragraphs))
    lines = plain_text(long).splitlines()
    assert max(map(len, lines)) <= 72
    assert LINK in lines
    assert "Lukt het niet? Bel 088 000 1234." in lines
    assert "https://x.example/afmelden/1.ab" in lines
    assert "U kreeg hulp van <b>Werkpad</b> & co." in lines


def test_html_brings_nothing_from_elsewhere_and_no_scripts() -> None:
    text = html(ENVELOPE)
    assert not re.search(r"<(img|script|link|iframe|object|form)\b|url\(|@import", text)
    assert "<b>" not in text
    assert set(re.findall(r'href="([^"]+)"', text)) == {LINK, ENVELOPE.unsubscribe_link, "tel:0880001234"}
    assert 'style="' in text
    assert "prefers-color-scheme: dark" in text
    assert f">{LINK}</bdi>" in text


def test_a_message_without_a_link_in_its_words_shows_it_all_the_same() -> None:
    without = replace(ENVELOPE, paragraphs=("Doe mee.",))
    assert LINK in plain_text(without).splitlines()
    assert f">{LINK}</bdi>" in html(without)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fa", "rtl"), ("ti", "ltr"), ("nl", "ltr")])
def test_language_and_direction_are_told(language: str, direction: str) -> None:
    text = html(replace(ENVELOPE, language=language))
    assert f'<html lang="{language}" dir="{direction}">' in text
    assert f'align="{"right" if direction == "rtl" else "left"}"' in text


@given(st.text(max_size=80))
def test_whatever_a_name_is_a_subject_is_one_header_that_says_it_or_is_refused(name: str) -> None:
    try:
        header_text(name)
        mail = as_mail(replace(ENVELOPE, subject=f"Over {name}."))
    except (Unmailable, UnicodeEncodeError):
        return
    assert "Bcc" not in mail
    head = mail.as_bytes().split(b"\r\n\r\n")[0]
    assert head.count(b"\r\nSubject:") + head.startswith(b"Subject:") == 1


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60))
def test_whatever_is_said_is_never_markup(name: str) -> None:
    text = html(replace(ENVELOPE, paragraphs=(f"Over {name} dus.",)))
    words = html_entities.unescape(re.sub(r"<[^>]*>", "", text))
    assert "".join(f"Over {name} dus.".split()) in "".join(words.split())


def test_the_demo_keeps_its_mail_in_a_folder_and_twice_is_once(var_folder: Path) -> None:
    with Environment(PEILWIJS_SECRET_KEY=SECRET, PEILWIJS_VAR_FOLDER=str(var_folder), PEILWIJS_IS_DEMO="1"):
        with Email().open() as line:
            assert [line.send(ENVELOPE, lambda: True) for _ in range(2)] == [Outcome("sent")] * 2
            assert line.send(replace(ENVELOPE, message_id="ffffffff@x"), lambda: False) == Outcome("withdrawn")
        (mail,), n_all = newest(var_folder / "mailbox", 10)
    assert n_all == 1
    assert (mail.subject, mail.to, mail.language) == (ENVELOPE.subject, ENVELOPE.to, "nl")
    assert (mail.plain.split(), mail.html.split()) == (plain_text(ENVELOPE).split(), html(ENVELOPE).split())
