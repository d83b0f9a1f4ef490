"""Open text and information pages."""

from app.questions.information import Information
from app.questions.open import OpenText

REMARKS = OpenText(type="open", code="remarks", text="Wat wilt u nog zeggen?")
PAGE = Information(type="information", code="page", text="Lees dit eerst.")


def test_own_words_are_kept_as_they_are_meant() -> None:
    parsed = REMARKS.parse({"remarks": ["  Goed, <b>\x00\x1b[31m\r\nmaar =1+1 {provider} \U0001f600\n\n"]})
    assert parsed.answers == {"remarks": "Goed, <b>[31m\nmaar =1+1 {provider} \U0001f600"}


def test_a_novel_is_cut_off_and_still_accepted() -> None:
    stored = REMARKS.parse({"remarks": ["a" * 20_000]}).answers["remarks"]
    assert stored is not None
    assert len(stored) == 10_000
    assert REMARKS.accepts("remarks", stored)
    assert not REMARKS.accepts("remarks", stored + "a")


def test_only_spaces_are_no_answer() -> None:
    assert REMARKS.parse({"remarks": [" \n\t "]}).is_empty


def test_passing_an_information_page_is_remembered_and_nothing_else() -> None:
    assert PAGE.parse({"page": ["hack"]}).answers == {"page": None}
    assert not PAGE.accepts("page", "hack")
    assert PAGE.variables() == ()
    assert PAGE.shown({"page": None}) == ""
