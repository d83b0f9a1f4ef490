"""Invitations in the office, over HTTP without JavaScript."""

import html
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.clock import local, now
from app.database import reading
from app.fieldwork.sending.message_texts import Addressee
from app.fieldwork.sending.message_texts import words as words_for
from app.fieldwork.sending.planning import sending_waves
from app.fieldwork.tables import Wave
from app.web.access import Role
from tests.factories.fieldwork import make_wave
from tests.factories.office import Employee, signed_in_as
from tests.factories.people import invite, make_people, messages

PAGE = "/kantoor/uitnodigen/2024"


@pytest.fixture
def researcher(database: str) -> Employee:
    return signed_in_as(Role.RESEARCHER)


def press_start(who: Employee, **changes: str) -> Employee:
    found = re.search(r'<form method="post"[^>]*class="start".*?</form>', who.text, re.DOTALL)
    assert found
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', found[0]))
    who.response = who.client.post(PAGE, data=fields | changes)
    return who


def invited_at() -> object:
    with reading() as connection:
        return connection.scalar(sa.select(Wave.__table__.c.invited_at))


def test_before_anybody_was_delivered_the_page_says_what_to_do_first(researcher: Employee) -> None:
    make_wave()
    researcher.get("/kantoor/uitnodigen").follow()
    assert "nog niet gestart" in researcher.words
    assert "Lever eerst een bestand aan" in researcher.words
    assert "<button" not in researcher.text.split("<main")[1].split("Reken uit")[1]


def test_the_page_says_who_gets_what_and_starts_exactly_that(researcher: Employee) -> None:
    make_people(3)
    make_people(1, email=False)
    make_people(2, email=False, address=True)
    told = researcher.get(PAGE).words
    assert "uitnodiging, e-mail 3 uitnodiging, brief 2" in told
    assert "Heeft geen e-mailadres of postadres dat werkt 1" in told
    assert press_start(researcher).status == 303
    assert {row.step for row in messages()} == {"0-email-invitation", "0-letter-invitation"}
    told = researcher.follow().words
    assert "0 berichten verstuurd, 5 staan klaar" in told
    assert "Start de uitnodigingen" not in told


def test_people_who_came_meanwhile_are_shown_before_anything_starts(researcher: Employee) -> None:
    make_people(1)
    researcher.get(PAGE)
    make_people(2)
    assert press_start(researcher).status == 409
    assert invited_at() is None
    assert "De aantallen zijn net veranderd" in researcher.words
    assert press_start(researcher).status == 303


def test_a_later_day_0_can_be_chosen_and_a_past_one_not(researcher: Employee) -> None:
    make_people(1)
    later = (local(now()) + timedelta(days=3)).strftime("%Y-%m-%dT10:00")
    researcher.get(f"{PAGE}?op={later}")
    assert "Dat is dag 0" in researcher.words
    assert press_start(researcher, op="2020-01-01T10:00").status == 422
    assert invited_at() is None
    researcher.get(f"{PAGE}?op={later}")
    assert press_start(researcher).status == 303
    assert invited_at() is not None


@pytest.mark.parametrize("typed", ["morgen", "2026-13-01T10:00", "0"])
def test_something_that_is_no_moment_is_told(researcher: Employee, typed: str) -> None:
    make_people(1)
    assert "Kies een dag en een tijd" in researcher.get(f"{PAGE}?op={typed}").words


def test_a_scheme_starts_once(researcher: Employee) -> None:
    make_people(1)
    researcher.get(PAGE)
    invite()
    assert press_start(researcher).status == 409
    assert len(messages()) == 1


def test_every_message_can_be_read_in_its_words_and_language(researcher: Employee) -> None:
    make_wave()
    for sort in ("invitation", "reminder", "last_reminder"):
        page = researcher.get(f"{PAGE}/bericht?vragenlijst=inburgeren&taal=en&soort={sort}")
        assert page.status == 200
        frame = re.search(r'<iframe class="mail-frame" src="([^"]+)"', page.text)
        assert frame
        shown = researcher.client.get(html.unescape(frame[1]))
        assert "Werkpad" in shown.text
        assert 'lang="en"' in shown.text
        assert "default-src 'none'" in shown.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["bericht?vragenlijst=nergens", "bericht?soort=dreigement", "bericht/x/regular/nl/y"])
def test_a_message_that_does_not_exist_is_not_found(researcher: Employee, path: str) -> None:
    make_wave()
    assert researcher.get(f"{PAGE}/{path}").status == 404


WORDS = {"vragenlijst": "arbeid-2022", "woorden": "regular", "soort": "reminder"}
NEW = {"onderwerp": "Mist u {provider}?", "tekst": "Eerste alinea.\n\nDit kan tot {until}: {link}", "knop": "Ga verder"}


def told_subjects(case_id: int) -> set[str]:
    """The subjects of what would be sent to a case now."""
    with reading() as connection:
        (wave,) = sending_waves(connection)
    said = words_for(Addressee("arbeid-2022", "regular", "nl"), "reminder", wave, provider="Werkpad", link="x")
    return {said.subject, *said.paragraphs}


def test_a_wave_gets_its_own_words_after_they_were_looked_at(researcher: Employee) -> None:
    (case_id,) = make_people(1, service=6)
    invite()
    address = f"{PAGE}/bericht?vragenlijst=arbeid-2022&soort=reminder"
    researcher.get(address).post(f"{PAGE}/bericht", **WORDS, **NEW, actie="bekijk")
    assert "Het is nog niet bewaard" in researcher.words
    assert "Mist u \u2068Werkpad\u2069?" in researcher.words or "Mist u Werkpad?" in researcher.words
    assert "Eerste alinea." not in told_subjects(case_id)
    assert researcher.post(f"{PAGE}/bericht", **WORDS, **NEW, actie="bewaar").status == 303
    assert {"Mist u Werkpad?", "Eerste alinea."} <= told_subjects(case_id)
    researcher.follow().post(f"{PAGE}/bericht", **WORDS, actie="herstel")
    assert "Eerste alinea." not in told_subjects(case_id)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("tekst", "Dag {naam}", "Tussen accolades mag alleen staan"),
        ("onderwerp", "{provider", "Tussen accolades mag alleen staan"),
        ("tekst", "  \n\n ", "Vul het onderwerp, de tekst en de knop in"),
        ("knop", "", "Vul het onderwerp, de tekst en de knop in"),
    ],
)
def test_words_that_cannot_be_filled_in_are_refused(
    researcher: Employee, field: str, typed: str, sentence: str
) -> None:
    make_wave()
    researcher.get(f"{PAGE}/bericht").post(f"{PAGE}/bericht", **WORDS, **(NEW | {field: typed}), actie="bewaar")
    assert researcher.status == 422
    assert sentence in researcher.words
