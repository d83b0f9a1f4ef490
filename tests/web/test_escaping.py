"""What people typed is shown as they typed it, and is never markup."""

from dataclasses import replace

import pytest

from app.accounts import users
from app.channels.mail_form import html
from app.database import writing
from app.web.access import Role
from app.web.pages import environment
from tests.channels.test_mail_form import ENVELOPE
from tests.factories.office import signed_in_as

HOSTILE = '<img src=x onerror="alert(1)">&amp;'
SHOWN = "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;&amp;amp;"


@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_a_text_in_a_template_is_escaped(language: str) -> None:
    assert environment(language).from_string("{{ text }}").render(text=HOSTILE) == SHOWN


def test_a_name_in_a_page_of_the_office_is_escaped(database: str) -> None:
    with writing() as connection:
        users.add(connection, "command", "x@example.nl", HOSTILE, Role.AGENT)
    text = signed_in_as(Role.ADMIN).get("/kantoor/beheer/gebruikers").text
    assert SHOWN in text and "<img src=x" not in text


def test_a_name_in_a_mail_is_escaped() -> None:
    text = html(replace(ENVELOPE, paragraphs=(f"Dag {HOSTILE}",)))
    assert "<img" not in text and "&lt;img" in text
