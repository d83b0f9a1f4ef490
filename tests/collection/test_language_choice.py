"""A respondent chooses a language, on any screen, and loses nothing."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.requests import Request

from app.collection import versions
from app.collection.language_choice import language_of
from app.database import reading, writing
from app.fieldwork.rules import shipped_rules
from app.fieldwork.tables import Case, Token
from tests.factories.cases import Invited, make_case, make_participation
from tests.factories.respondent import Respondent
from tests.factories.stored import answers_of, interview_of

pytestmark = pytest.mark.usefixtures("database")
HTMX = {"HX-Request": "true"}


def invite(allow_drafted_translations: bool = True, **case: Any) -> Invited:
    """Somebody in a wave that allows drafted translations."""
    rules = shipped_rules(date(2026, 1, 1)).model_copy(
        update={"allow_drafted_translations": allow_drafted_translations}
    )
    return make_case(make_participation(rules=rules.model_dump(mode="json")), **{"service": 6, **case})


def press(someone: Respondent, language: str, answers: dict[str, str] | None = None, **headers: str) -> Respondent:
    """Presses a button of the language menu, with these answers filled in."""
    fields = someone.filled_in() | {name: [value] for name, value in (answers or {}).items()}
    someone.response = someone.client.post(
        someone.form().get("action"), data=fields | {"taal": [language]}, headers=headers
    )
    return someone


def language(someone: Respondent) -> tuple[str, str]:
    return someone.tree.get("lang"), someone.tree.get("dir")


def spoken(case_id: int) -> dict[str, tuple[str, str]]:
    """Per answer the language and the wording in which the question was read."""
    with reading() as connection:
        rows = connection.execute(
            sa.text("select code, language, wording from answer where case_id = :case"), {"case": case_id}
        )
        return {row.code: (row.language, row.wording) for row in rows}


def case_language(case_id: int) -> str:
    with reading() as connection:
        return str(
            connection.execute(sa.select(Case.__table__.c.language).where(Case.__table__.c.id == case_id)).scalar()
        )


def test_the_first_screen_offers_every_language_in_its_own_words() -> None:
    someone = Respondent().open(invite().token)
    for code, name in {"nl": "Nederlands", "ar": "العربية", "ti": "ትግርኛ", "uk": "Українська"}.items():
        assert f'name="taal" value="{code}" lang="{code}"' in someone.text
        assert name in someone.text


def test_without_leave_for_drafts_only_reviewed_languages_are_offered() -> None:
    someone = Respondent().open(invite(allow_drafted_translations=False).token)
    assert 'value="ar"' not in someone.text
    press(someone, "ar")
    assert language(someone) == ("nl", "ltr")


def test_choosing_before_the_start_stores_the_language_of_case_interview_and_answers() -> None:
    invited = invite()
    someone = press(Respondent().open(invited.token), "ar")
    assert someone.path == "/vragenlijst" and language(someone) == ("ar", "rtl")
    assert interview_of(invited.case_id) is None
    assert case_language(invited.case_id) == "ar"
    someone.send().send({"had_contact": "no"})
    assert interview_of(invited.case_id).language == "ar"
    assert spoken(invited.case_id) == {"had_contact": ("ar", "low_threshold")}


@pytest.mark.parametrize("wording", ["regular", "low_threshold"])
@pytest.mark.parametrize("service", [6, 11])
def test_a_case_delivered_in_a_language_starts_and_ends_in_it(wording: str, service: int) -> None:
    invited = invite(wording=wording, language="ti", service=service)
    someone = Respondent().open(invited.token).send().go_on_until("/overzicht").send()
    assert someone.path == "/bedankt" and language(someone) == ("ti", "ltr")
    assert {stored[0] for stored in spoken(invited.case_id).values()} == {"ti"}
    assert interview_of(invited.case_id).is_usable


def test_another_language_half_way_keeps_what_was_filled_in_and_the_place() -> None:
    invited = invite()
    someone = Respondent().open(invited.token).send().send({"had_contact": "yes"})
    press(someone, "fa", {"contact_frequency": "4"})
    assert someone.path == "/vragenlijst/contact_frequency" and language(someone) == ("fa", "rtl")
    assert someone.filled_in()["contact_frequency"] == ["4"]
    assert answers_of(invited.case_id) == {"had_contact": "yes", "contact_frequency": "4"}
    assert interview_of(invited.case_id).wording == "low_threshold"


def test_dutch_again_goes_on_in_the_words_of_the_case() -> None:
    invited = invite()
    someone = press(Respondent().open(invited.token).send(), "pl", {"had_contact": "yes"})
    press(someone, "nl")
    assert language(someone) == ("nl", "ltr")
    assert (interview_of(invited.case_id).language, interview_of(invited.case_id).wording) == ("nl", "regular")
    assert someone.send({"had_contact": "yes"}).path == "/vragenlijst/contact_frequency"
    assert someone.text.count("<fieldset") > 1  # regular words share a page


def test_what_cannot_be_read_comes_along_with_its_reason() -> None:
    someone = Respondent().open(invite(kind="commissioner", service=None).token).send()
    assert 'value="ar"' not in someone.text  # commissioners have no easy words to translate
    invited = invite_again(someone)
    someone = Respondent().open(invited.token).send().send({"had_contact": "no"}).go_on_until("/vragenlijst/grade")
    press(someone, "en", {"grade.typed": "elf"})
    assert someone.response.status_code == 422 and language(someone) == ("en", "ltr")
    assert "Fout:" not in someone.title and 'href="#v-grade"' in someone.text
    assert someone.send({"grade": "8"}).response.status_code == 200


def invite_again(_: Respondent) -> Invited:
    """Somebody else in the same wave."""
    with reading() as connection:
        participation = connection.execute(sa.select(Case.__table__.c.participation_id)).scalar()
    return make_case(participation, service=6)


def test_an_unanswered_question_is_not_asked_about_when_only_the_language_changes() -> None:
    invited = invite()
    someone = press(Respondent().open(invited.token).send(), "es")
    assert someone.response.status_code == 200 and someone.path == "/vragenlijst/had_contact"
    assert answers_of(invited.case_id) == {}


def test_two_tabs_in_two_languages_each_store_in_the_language_that_was_read() -> None:
    invited = invite()
    someone = Respondent().open(invited.token).send().send({"had_contact": "yes"})
    dutch_tab = someone.response
    press(someone, "ar", {"contact_frequency": "4"})
    someone.response = dutch_tab
    names = someone.choices()
    assert len(names) > 1
    someone.send({name: values[0] for name, values in names.items()})
    assert language(someone) == ("ar", "rtl")  # and goes on in the language chosen last
    stored = spoken(invited.case_id)
    assert {stored[name] for name in names} == {("nl", "regular")}
    assert not set(names) & set(someone.choices())  # everything the Dutch page asked is answered


def test_an_error_in_a_tab_is_told_in_the_language_of_that_tab() -> None:
    someone = Respondent().open(invite().token).send()
    dutch_tab = someone.response
    press(someone, "ar")
    someone.response = dutch_tab
    someone.send()
    assert someone.response.status_code == 422 and language(someone) == ("nl", "ltr")
    assert someone.title.startswith("Let op:")


def test_htmx_is_sent_to_a_whole_page_in_the_new_language() -> None:
    someone = Respondent().open(invite().token).send()
    press(someone, "uk", {"had_contact": "yes"}, **HTMX)
    assert someone.response.headers["HX-Redirect"] == "/vragenlijst/had_contact"
    assert language(someone.get("/vragenlijst/had_contact")) == ("uk", "ltr")


def test_a_fragment_tells_its_language_and_direction() -> None:
    someone = Respondent().open(invite(language="ar").token).send()
    someone.send({"had_contact": "yes"}, **HTMX)
    assert '<main id="scherm" tabindex="-1" lang="ar" dir="rtl">' in someone.text


@pytest.mark.parametrize("path", ["/vragenlijst/had_contact", "/overzicht/contact", "/gestopt", "/overzicht"])
def test_every_later_page_changes_language_and_stays_where_it_was(path: str) -> None:
    someone = Respondent().open(invite(wording="low_threshold").token).send().send({"had_contact": "no"})
    if path == "/overzicht":
        someone.go_on_until(path)
    press(someone.get(path), "tr")
    assert someone.path == path and language(someone) == ("tr", "ltr")


def test_the_thanks_change_language_too() -> None:
    invited = invite()
    someone = Respondent().open(invited.token).send().go_on_until("/overzicht").send()
    press(someone, "ar")
    assert someone.path == "/bedankt" and language(someone) == ("ar", "rtl")
    assert interview_of(invited.case_id).language == "nl"  # it was answered in Dutch


def test_a_name_in_a_line_from_right_to_left_keeps_to_itself() -> None:
    someone = Respondent().open(invite(language="ar").token)
    assert "\u2068Werkpad\u2069" in someone.text
    assert "\u2068" not in Respondent().open(invite_again(someone).token).text


def test_a_language_that_an_older_version_lacks_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    invited = invite()
    someone = Respondent().open(invited.token).send()
    pinned = interview_of(invited.case_id).version_hash
    with writing() as connection:
        changed = sa.text("update questionnaire_version set source = replace(source, :old, :new) where hash = :hash")
        connection.execute(changed, {"old": "Had u contact", "new": "Had u toen contact", "hash": pinned})
    with reading() as connection:
        source = connection.execute(sa.text("select source from questionnaire_version")).scalar()
    assert "Had u toen contact" in source
    monkeypatch.delitem(versions._loaded, pinned)
    assert 'value="ar"' not in someone.get("/vragenlijst/had_contact").text


def test_enter_in_a_text_field_presses_no_button_of_the_bar() -> None:
    someone = Respondent().open(invite().token).send()
    first = next(found for found in someone.tree.iter() if found.tag.endswith("button"))
    assert (first.get("form"), first.get("name"), first.get("value")) == ("antwoord", "actie", "next")


@pytest.mark.parametrize(
    ("wish", "expected"),
    [("nl-NL,nl;q=0.9", "nl"), ("en-GB", "en"), ("de;q=0.9, en;q=0.4", "en"), ("xx", "nl"), ("en;q=0, nl", "nl")],
)
def test_a_page_without_a_case_listens_to_the_browser(wish: str, expected: str) -> None:
    assert language(Respondent().get("/code", **{"Accept-Language": wish}))[0] == expected


def test_a_link_decides_over_the_browser_and_getting_a_page_changes_nothing() -> None:
    someone = Respondent().get("/code?taal=en", **{"Accept-Language": "nl"})
    assert language(someone) == ("en", "ltr")
    assert language(someone.get("/code", **{"Accept-Language": "nl"})) == ("nl", "ltr")
    assert language(someone.get("/nergens?taal=en")) == ("en", "ltr")


def test_a_closed_door_speaks_the_language_of_the_case() -> None:
    invited = invite(language="ar")
    with writing() as connection:
        made = Token.__table__.c.made_at
        connection.execute(sa.update(Token.__table__).values(revoked_at=made))
    someone = Respondent().open(invited.token)
    assert someone.response.status_code == 410 and language(someone) == ("ar", "rtl")
    assert language(someone.get(f"/v/{invited.token}?taal=en")) == ("en", "ltr")


def test_an_odd_wish_is_no_language() -> None:
    headers = [(b"accept-language", b";;q=,," + b"ar;q=9" * 500)]
    request = Request(
        {"type": "http", "method": "GET", "path": "/", "query_string": b"taal=../../etc", "headers": headers}
    )
    assert language_of(request) == "nl"
