"""Drawings: whole and accessible SVG, exact numbers, one look, and no words that become markup."""

import io
import itertools
import re
from typing import Any
from xml.etree import ElementTree

import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.results.drawing.draw import description, draw
from app.results.drawing.paper import PAPERS, Medium
from app.results.drawing.rows import parts_of
from app.results.drawing.text import width_of, wrapped
from app.results.figures.figure import Figure
from app.settings import ROOT
from tests.factories.figures import figure, grades, mean, one_of_each, option, satisfaction

SVG = "{http://www.w3.org/2000/svg}"
KINDS = list(one_of_each())
MEDIA: tuple[Medium, ...] = ("screen", "print")
HOSTILE = "<script>alert(1)</script>\"'&]]><!--"


def parsed(of: Figure, medium: Medium = "screen", language: str = "nl") -> Any:
    return ElementTree.fromstring(draw(of, language, medium))


def texts(root: Any) -> list[str]:
    return ["".join(text.itertext()).replace("\N{NO-BREAK SPACE}", " ") for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_title_a_description_and_no_style_of_its_own(kind: str, medium: Medium) -> None:
    one = one_of_each()[kind]
    root = parsed(one, medium)
    title, told = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [title.get("id"), told.get("id")]
    assert title.text == one.question
    assert all(bar.label in told.text for bar in one.bars)
    assert not [element for element in root.iter() if element.get("style") or element.tag == f"{SVG}style"]


@pytest.mark.parametrize("kind", KINDS)
def test_print_has_plain_numbers_and_literal_colours_and_fits_its_page(kind: str) -> None:
    root = parsed(one_of_each()[kind], "print")
    width = float(root.get("width"))
    for shape in [*root.iter(f"{SVG}rect"), *root.iter(f"{SVG}line")]:
        assert re.fullmatch("#[0-9A-F]{6}", shape.get("fill") or shape.get("stroke"))
        assert float(shape.get("x", 0)) + float(shape.get("width", 0)) <= width + 0.01
    assert "%" not in "".join(shape.get("x", "") for shape in root.iter())


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_stay_words(kind: str, medium: Medium) -> None:
    plain = one_of_each()[kind]
    bars = [bar.__class__(**{**vars(bar), "label": HOSTILE}) for bar in plain.bars]
    drawn = draw(figure(plain.kind, *bars, question=HOSTILE, code=HOSTILE), "nl", medium)
    assert "<script" not in drawn
    assert "<!--" not in drawn
    root: Any = ElementTree.fromstring(drawn)
    assert HOSTILE in root.find(f"{SVG}title").text or medium == "print"
    assert re.fullmatch(r"d-[A-Za-z0-9_-]+", root.get("id"))


def test_numbers_are_dutch_and_rounded_half_up() -> None:
    one = figure("grade", mean("Totaal", 4, "33/4", "8.249"), mean("Geen", 0, "0"))
    assert {"8,3", "8,2"} <= set(texts(parsed(one)))
    assert "Totaal (n = 4)" in texts(parsed(one))
    assert {"8.3", "8.2"} <= set(texts(parsed(one, language="en")))
    assert "12.345" in texts(parsed(one_of_each()["counts"]))


def test_the_benchmark_is_a_mark_with_a_number_beside_the_bar() -> None:
    root = parsed(figure("choice", option("Ja", 40, 50)), "print")
    bar = next(one for one in root.iter(f"{SVG}rect") if one.get("class") == "f-bar" and float(one.get("x")))
    tick = [one for one in root.iter(f"{SVG}line") if one.get("class") == "f-tick"][-1]
    track = float(root.find(f".//{SVG}rect[@class='f-track']").get("width"))
    assert float(bar.get("width")) == pytest.approx(track * 0.4, abs=0.01)
    assert float(tick.get("x1")) == pytest.approx(float(bar.get("x")) + track * 0.5, abs=0.01)
    assert texts(root) == ["Deze dienstverlener", "Alle dienstverleners", "Ja", "40 %", "50 %"]


def test_without_a_benchmark_nothing_speaks_of_all_providers() -> None:
    for one in (figure("choice", option("Ja", 40)), satisfaction((50, 50, 0, 0, 0))):
        assert "dienstverlener" not in draw(one, "nl").lower()


def test_a_hidden_bar_says_so_and_shows_no_length() -> None:
    one = figure("choice", option("Ja", None, 50), option("Nee", 60, 50))
    root = parsed(one)
    assert "– niet getoond" in texts(root)
    assert len([bar for bar in root.iter(f"{SVG}rect") if bar.get("class") == "f-track"]) == 1
    assert "Ja: – niet getoond" in description(one, "nl")


def test_a_hidden_figure_tells_nothing_but_the_least_number() -> None:
    one = figure("choice", option("Geheim", 40, 50), is_hidden=True, n=0)
    assert "minder dan 5 mensen" in draw(one, "nl")
    assert "Geheim" not in draw(one, "nl")


def test_no_opinion_stands_apart_and_small_parts_have_their_number_under_them() -> None:
    parts = parts_of(PAPERS["screen"], [(1, 60), (2, 30), (3, 2), (4, 1), (5, 7)])
    before, apart = parts[-2], parts[-1]
    assert apart.start - (before.start + before.length) == pytest.approx(0.02)
    assert [part.is_inside for part in parts] == [True, True, False, False, False]
    assert texts(parsed(satisfaction((60, 30, 2, 1, 7))))[-5:] == ["60 %", "30 %", "2 %", "1 %", "7 %"]


@given(st.lists(st.integers(0, 100), min_size=5, max_size=5).filter(any))
@example([0, 0, 0, 0, 100])
@settings(max_examples=200, deadline=None)
def test_stacked_parts_fill_the_bar_in_order_and_their_numbers_never_touch(given_pct: list[int]) -> None:
    parts = parts_of(PAPERS["screen"], list(enumerate(given_pct, 1)))
    assert parts[0].start == pytest.approx(0)
    assert parts[-1].start + parts[-1].length == pytest.approx(1)
    assert all(a.start + a.length <= b.start + 1e-9 for a, b in itertools.pairwise(parts))
    width = PAPERS["screen"].width
    beside = [part for part in parts if not part.is_inside]
    middles = [part.start + part.length / 2 + part.aside / width for part in beside]
    halves = [width_of(part.label, 13, is_bold=True) / width / 2 for part in beside]
    spans = [(middle - half, middle + half) for middle, half in zip(middles, halves, strict=True)]
    assert all(left[1] < right[0] for left, right in itertools.pairwise(spans))
    assert all(left >= 0 and right <= 1 for left, right in spans)


@given(st.text(max_size=300), st.integers(60, 400))
@settings(max_examples=200, deadline=None)
def test_wrapped_lines_fit_and_lose_no_word(text: str, width: int) -> None:
    lines = wrapped(text, 14, width)
    assert all(width_of(line, 14) <= width for line in lines[:11])
    if len(lines) < 12:
        assert "".join(lines).replace(" ", "") == "".join(text.split())


def test_columns_are_as_high_as_their_percentages() -> None:
    one = grades((0, 0, 0, 0, 0, 0, 20, 40, 40, 0), (0, 0, 0, 0, 0, 0, 30, 30, 40, 0))
    columns = [bar for bar in parsed(one).iter(f"{SVG}rect") if bar.get("class") == "f-bar"][1:]
    heights = [float(column.get("height")) for column in columns]
    assert heights[6:9] == [60, 120, 120]
    assert heights[0] == 0


def test_letters_of_other_scripts_and_signs_that_xml_forbids_survive_in_print() -> None:
    one = figure("choice", option("Łódź й\x00\x0b", 40), question="Vraag\x00 één")
    drawn = draw(one, "nl", "print")
    assert '<tspan font-family="Letter Latin More">Ł</tspan>' in drawn
    assert '<tspan font-family="Letter Cyrillic">й</tspan>' in drawn
    ElementTree.fromstring(drawn)


def test_the_letters_are_there_in_a_pdf() -> None:
    import pikepdf

    drawn = draw(one_of_each()["satisfaction"], "nl", "print")
    page = b'#set document(title: "t")\n#image(bytes(sys.inputs.at("svg")), format: "svg", alt: "t", width: 100%)'
    compiler: Any = typst
    pdf = compiler.compile(
        page,
        format="pdf",
        font_paths=[ROOT / "app" / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"svg": str(drawn)},
        pdf_standards="ua-1",
    )
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fonts = {str(one.get("/BaseFont")) for one in opened.objects if isinstance(one, pikepdf.Dictionary)}
    assert any("LetterLatin" in name.replace(" ", "").replace("-", "") for name in fonts), fonts


def test_equal_figures_give_equal_bytes() -> None:
    assert [draw(one, "nl", "print") for one in one_of_each().values()] == [
        draw(one, "nl", "print") for one in one_of_each().values()
    ]
