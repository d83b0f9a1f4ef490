"""The words of messages: the case's wording and language, everything filled in."""

from datetime import date

import pytest

from app.errors import NotFound
from app.fieldwork.rules import read_rules
from app.fieldwork.sending.message_texts import Addressee, Words, words
from app.fieldwork.sending.planning import SendingWave
from app.settings import ROOT
from tests.factories.people import MONDAY

QUESTIONNAIRES = sorted(path.parent.name for path in (ROOT / "questionnaires").glob("*/messages.yaml"))
LINK = "https://vragen.example/v/abc"


def wave(ends_on: date | None = date(2026, 12, 12), *, drafts: bool = True) -> SendingWave:
    rules = read_rules({"allow_drafted_translations": drafts}, date(2024, 1, 1))
    return SendingWave(1, "2024", MONDAY, None, ends_on, rules)


def said(questionnaire: str = "arbeid-2022", wording: str = "regular", language: str = "nl", kind: str = "invitation",
         of: SendingWave | None = None) -> Words:  # fmt: skip
    addressee = Addressee(questionnaire, wording, language)
    return words(addressee, kind, of or wave(), provider="Werkpad {link} B.V.", link=LINK, code="K7PX-2MDR")


@pytest.mark.parametrize("questionnaire", QUESTIONNAIRES)
@pytest.mark.parametrize("kind", ["invitation", "reminder", "last_reminder", "letter"])
@pytest.mark.parametrize("wording", ["regular", "low_threshold"])
@pytest.mark.parametrize("language", ["nl", "ar", "en"])
def test_every_message_is_filled_in(questionnaire: str, kind: str, wording: str, language: str) -> None:
    if kind == "letter" and questionnaire == "opdrachtgevers":
        return  # commissioners get no letters
    found = said(questionnaire, wording, language, kind)
    text = "\n".join((found.subject, *found.paragraphs)).replace("Werkpad {link} B.V.", "")
    assert "{" not in text.replace("{link}", "") and "}" not in text.replace("{link}", "")
    assert found.subject and found.paragraphs and found.button
    assert LINK in text


def test_the_wording_of_the_case_is_used() -> None:
    assert said(wording="regular").subject != said(wording="low_threshold").subject


def test_another_language_is_used_only_where_it_may_be() -> None:
    assert said(language="ar").language == "ar"
    assert said(language="ar").subject != said().subject
    reviewed_only = said(language="ar", of=wave(drafts=False))
    assert (reviewed_only.language, reviewed_only.subject) == ("nl", said().subject)
    assert said(language="xx").language == "nl"


def test_the_last_day_is_that_of_the_wave_else_two_weeks_after_the_last_step() -> None:
    assert said().until == "12 december 2026"
    assert said(of=wave(None)).until == "7 december 2026"


def test_a_provider_named_like_a_placeholder_is_left_as_it_is() -> None:
    assert "Werkpad {link} B.V." in " ".join(said().paragraphs).replace("\u2068", "").replace("\u2069", "")


def test_a_message_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFound, match="no message «farewell»"):
        said(kind="farewell")
