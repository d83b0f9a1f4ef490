"""What a report says, and how that adapts to what there is to tell."""

import re
from collections.abc import Iterator

import pytest

from app.reports.composition import compose
from app.reports.document import Chart, Document, Heading, Items, Paragraph, Quotes, Scheme, Table
from app.reports.material import Material, Sample
from tests.factories.reports import (
    client_section,
    commissioner_section,
    front,
    hidden,
    inburgering_section,
    material,
    released,
    satisfaction,
    tallies,
)

NOBODY = {"sections": (), "answers": (), "front": front(mean="", provinces={}, best=None, good=(), empty="Niets.")}


def nothing_yet() -> Material:
    return material(counts=tallies(0, 0, {1: (12, 0)}), **NOBODY)


CASES = {
    "everything": lambda: material(),
    "phone part": lambda: material(phone_option="part"),
    "phone all": lambda: material(phone_option="all"),
    "no commissioners": lambda: material(counts=tallies(0, 0), sections=(client_section(),)),
    "silent commissioners": lambda: material(counts=tallies(3, 0), sections=(client_section(),)),
    "inburgering only": lambda: material(counts=tallies(0, 0, {11: (27, 13)}), sections=(inburgering_section(),)),
    "commissioners only": lambda: material(counts=tallies(4, 2, {}), sections=()),
    "nothing to report": nothing_yet,
    "nobody invited": lambda: material(counts=tallies(0, 0, {}), **NOBODY),
    "all hidden": lambda: material(sections=(client_section(hidden(), hidden("b", "Vraag twee?")),), answers=()),
    "alone in the wave": lambda: material(n_providers=1),
    "not invited by us": lambda: material(invited_on=None),
}


def texts(document: Document) -> Iterator[str]:
    for chapter in document.chapters:
        yield chapter.title
        for block in chapter.blocks:
            match block:
                case Paragraph(text) | Heading(text):
                    yield text
                case Items(items):
                    yield from items
                case Quotes():
                    yield from (block.question, *block.texts)
                case Chart():
                    yield from (block.caption, block.verdict, block.note)
                case Scheme():
                    yield from (block.caption, *(moment.words for row in block.rows for moment in row.moments))
                case Table():
                    yield from (block.caption, *block.columns, *(cell for row in block.rows for cell in row.cells))


def said(given: Material) -> str:
    return "\n".join(texts(compose(given)))


def titles(given: Material) -> list[str]:
    return [chapter.title for chapter in compose(given).chapters]


@pytest.mark.parametrize("name", CASES)
def test_a_report_has_no_placeholder_no_empty_section_and_no_gap_in_its_numbers(name: str) -> None:
    document = compose(CASES[name]())
    assert [chapter.number for chapter in document.chapters] == list(range(1, len(document.chapters) + 1))
    charts = [b.number for chapter in document.chapters for b in chapter.blocks if isinstance(b, Chart | Scheme)]
    tables = [b.number for chapter in document.chapters for b in chapter.blocks if isinstance(b, Table)]
    assert charts == list(range(1, len(charts) + 1))
    assert tables == list(range(1, len(tables) + 1))
    for chapter in document.chapters:
        assert chapter.blocks
        for block, following in zip(chapter.blocks, (*chapter.blocks[1:], None), strict=True):
            assert not (isinstance(block, Heading) and (following is None or isinstance(following, Heading)))
    for text in texts(document):
        assert not re.search(r"[{}]|\bNone\b|%\(|\s{2}|\.\.|TODO", text), text
        assert text == text.strip()


def test_the_phone_option_is_told_in_three_ways() -> None:
    assert "koos er niet voor om cliënten te laten bellen" in said(material())
    assert "Wij belden een deel van de cliënten" in said(CASES["phone part"]())
    assert "om alle cliënten die een telefoonnummer hebben te laten bellen" in said(CASES["phone all"]())


def test_without_the_phone_option_only_who_asked_was_helped() -> None:
    helped = material(samples={"client": Sample(50, n_net=50, n_completed=23, n_by_mode={"web": 22, "phone": 1})})
    assert "Alleen wie ons erom vroeg" in said(helped)
    assert "22 op internet en 1 aan de telefoon" in said(helped)


def test_no_commissioners_and_silent_commissioners_read_differently() -> None:
    none, silent = CASES["no commissioners"](), CASES["silent commissioners"]()
    assert "Er zijn geen opdrachtgevers uitgenodigd: de respons van opdrachtgevers is 0%." in said(none)
    assert "Wat opdrachtgevers vinden" not in titles(none)
    assert "Niemand vulde de vragenlijst in: de respons is 0,0%." in said(silent)
    assert "Wat opdrachtgevers vinden" in titles(silent)


def test_inburgering_only_speaks_of_course_members_and_has_no_promoter_score() -> None:
    given = CASES["inburgering only"]()
    assert "Wat cursisten vinden" in titles(given)
    assert "Wat cliënten vinden" not in titles(given)
    assert "promotor" not in said(given)
    assert "hoe tevreden de cursisten zijn" in said(given)


def test_a_report_without_any_interview_says_so_and_has_no_results() -> None:
    given = nothing_yet()
    assert titles(given) == ["Inleiding", "Hoe wij het onderzoek deden", "Vragen of een reactie"]
    assert "In deze meetperiode vulde nog niemand een vragenlijst in." in said(given)
    assert "Er is nog geen oordeel" in said(given).replace("er is nog geen oordeel", "Er is nog geen oordeel")


def test_questions_with_too_few_answers_are_named_and_never_drawn() -> None:
    document = compose(CASES["all hidden"]())
    assert not list(document.charts())
    assert "minder dan 5 mensen" in said(CASES["all hidden"]())
    assert "Vraag twee?" in said(CASES["all hidden"]())


def test_who_is_alone_in_a_wave_is_not_compared_with_others() -> None:
    assert "Vergelijken met anderen" in said(material())
    assert "Vergelijken met anderen" not in said(CASES["alone in the wave"]())


def test_only_released_answers_are_in_it_by_question() -> None:
    given = material(answers=(released("Top!"), released("Bel […] niet."), released("Van mijn baas", "Anders?")))
    assert "Wat mensen zelf schreven" in titles(given)
    assert {"Top!", "Bel […] niet.", "Van mijn baas"} <= set(said(given).split("\n"))
    assert "Wat mensen zelf schreven" not in titles(material(answers=()))


def test_a_name_that_ends_with_a_full_stop_gets_no_second_one() -> None:
    assert "samenwerking met Werkpad B.V. 4 opdrachtgevers kregen een uitnodiging." in said(material())
    assert "begeleiding door Werkpad." in said(material(provider="Werkpad"))


def test_one_of_anything_is_not_spoken_of_as_many() -> None:
    alone = material(
        counts=tallies(1, 1, {1: (1, 1)}), sections=(client_section(satisfaction(n=1)), commissioner_section())
    )
    assert "Wij nodigden 1 cliënt uit. 1 van hen vulde de vragenlijst bruikbaar in, op internet." in said(alone)
    assert "1 opdrachtgever kreeg een uitnodiging. 1 van hen vulde de vragenlijst in." in said(alone)


def test_the_scheme_tells_what_is_sent_on_which_day() -> None:
    scheme = next(b for c in compose(material()).chapters for b in c.blocks if isinstance(b, Scheme))
    assert [row.group for row in scheme.rows] == ["Cliënten", "Opdrachtgevers"]
    assert [(m.day, m.words) for m in scheme.rows[0].moments] == [
        (0, "uitnodiging per e-mail of per brief"),
        (7, "herinnering per e-mail"),
        (14, "herinnering per brief"),
        (21, "laatste herinnering per e-mail"),
    ]
    without_post = material(rules=material().rules.model_copy(update={"sends_letters": False}))
    assert "brief" not in said(without_post).replace("briefing", "")
