"""The demo's mailbox: every e-mail as text and as HTML, and nothing of it can act."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.channels.email import Email
from app.channels.mail_shown import style_hashes
from app.web.access import Role
from tests.channels.test_mail_form import ENVELOPE
from tests.factories.office import Employee, signed_in_as
from tests.surroundings.environment import SECRET, Environment

OPENED = "/kantoor/postvak/0123456789abcdef"


@pytest.fixture
def office(database: str, tmp_path: Path) -> Iterator[Employee]:
    given = {"PEILWIJS_IS_DEMO": "1", "PEILWIJS_DATABASE_URL": database, "PEILWIJS_VAR_FOLDER": str(tmp_path)}
    with Environment(PEILWIJS_SECRET_KEY=SECRET, **given):
        yield Employee()


def test_an_empty_mailbox_says_what_to_do(office: Employee) -> None:
    assert "Er is nog niets verstuurd." in office.get("/kantoor/postvak").text
    assert "Uit deze demo gaat geen e-mail weg." in office.text


def test_a_mail_is_listed_and_shown_as_text_and_in_a_frame_that_can_do_nothing(office: Employee) -> None:
    with Email().open() as line:
        line.send(ENVELOPE, lambda: True)
    assert f'href="{OPENED}"' in office.get("/kantoor/postvak").text
    assert f'href="{ENVELOPE.link}"' in office.get(OPENED).text
    assert "&lt;b&gt;Werkpad&lt;/b&gt;" in office.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in office.text
    assert "frame-src 'self'" in office.response.headers["content-security-policy"]
    office.get(f"{OPENED}/html")
    policy = office.response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe-inline" not in policy
    assert "sandbox allow-popups" in policy


@pytest.mark.parametrize("name", ["ffffffffffffffff", "..%2Fpeilwijs", "x"])
def test_what_is_no_mail_is_not_found(name: str, office: Employee) -> None:
    assert office.get(f"/kantoor/postvak/{name}").status == 404


def test_each_style_is_allowed_by_its_own_hash_once() -> None:
    found = style_hashes('<style>a</style><p style="b&quot;"><p style="b&quot;"><p style="c">')
    assert len(set(found)) == len(found) == 3
    assert "'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='" in found  # of "a"


@pytest.mark.parametrize("address", ["/kantoor/postvak", OPENED])
def test_outside_the_demo_there_is_no_mailbox(address: str, database: str) -> None:
    assert signed_in_as(Role.ADMIN).get(address).status == 404
