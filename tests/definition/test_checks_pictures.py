"""Pictures: those of the questionnaires exist, and the stylesheet shows the drawing that was meant."""

import re

from app.definition.checks_pictures import DRAWINGS, pictures
from app.settings import ROOT
from tests.factories.written import WRITTEN, changed, faults_of, line_of

STYLE = (ROOT / "app" / "static" / "peilwijs.css").read_text()


def with_picture(name: str) -> dict[str, str]:
    """A questionnaire whose "no" has this picture."""
    return changed("questionnaire.yaml", "{code: no, text: Nee}", f"{{code: no, picture: {name}, text: Nee}}")


def test_a_picture_that_nobody_drew_is_a_fault() -> None:
    files = with_picture("cross")
    (line,) = {fault.line for fault in faults_of(files) if "there is no picture «cross»" in fault.sentence}
    assert line == line_of(files["questionnaire.yaml"], "picture: cross")


def test_a_picture_that_was_drawn_is_none() -> None:
    assert faults_of(with_picture("sun")) == faults_of(WRITTEN)


def test_the_stylesheet_has_the_place_of_every_drawing_in_the_strip() -> None:
    places = {name: int(place) for name, place in re.findall(r"\.p-([a-z_]+) \{ --p: (\d+); \}", STYLE)}
    assert places == {name: place for place, name in enumerate(pictures()) if place}
    drawn = re.findall(r'<g id="([a-z_]+)"(?: transform="translate\((\d+)\)")?>', DRAWINGS.read_text())
    assert [(name, int(x or 0)) for name, x in drawn] == [(name, 32 * i) for i, name in enumerate(pictures())]
    assert f'viewBox="0 0 {32 * len(pictures())} 32"' in DRAWINGS.read_text()
