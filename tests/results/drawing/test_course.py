"""The course of fieldwork, the response bar and the map."""

import re
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

from app.fieldwork.delivery.provinces import PATH as POSTCODES
from app.results.drawing.course import curve, response_bar
from app.results.drawing.map import credit, province_map, provinces

SVG = "{http://www.w3.org/2000/svg}"
START = date(2026, 3, 2)


def test_the_course_has_a_line_per_count_and_numbered_marks_with_their_words() -> None:
    lines = {
        "Uitgenodigd": [(START + timedelta(days=n), 10 * n) for n in range(15)],
        "Ingevuld": [(START + timedelta(days=n), n) for n in range(15)],
    }
    marks = [(date(2026, 3, 16), "Herinnering"), (START, "Uitnodiging"), (date(2027, 1, 1), "Later")]
    root = ElementTree.fromstring(curve(lines, marks, "nl", title="Verloop"))
    drawn = list(root.iter(f"{SVG}polyline"))
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert [line.get("class") for line in drawn] == ["f-line-1", "f-line-2"]
    assert drawn[1].get("stroke-dasharray")
    assert len(drawn[0].get("points", "").split()) == 15
    assert [text for text in texts if "mrt" in text][-2:] == ["Uitnodiging, 2 mrt", "Herinnering, 16 mrt"]
    told = root.find(f"{SVG}desc")
    assert told is not None
    assert told.text is not None
    assert "Ingevuld: van 0 op 2 maart 2026 tot 14 op 16 maart 2026." in told.text
    assert "Later" not in told.text


def test_a_course_of_one_day_or_none_is_still_a_drawing() -> None:
    courses: list[dict[str, list[tuple[date, int]]]] = [{}, {"a": []}, {"a": [(START, 3)]}, {"a": [(START, 0)]}]
    for lines in courses:
        assert ElementTree.fromstring(curve(lines, [(START, "x")], "nl", title="t", medium="print")) is not None


def test_a_single_day_is_a_dot() -> None:
    one_day, two_days = [(START, 3)], [(START, 3), (START + timedelta(days=1), 4)]
    root = ElementTree.fromstring(curve({"a": one_day, "b": two_days}, [], "nl", title="t"))
    assert [dot.get("class") for dot in root.iter(f"{SVG}circle")] == ["f-line-1"]


def test_the_response_bar_tells_both_numbers_exactly() -> None:
    drawn = response_bar(31, 80, Decimal("42.5"), "nl", title="Respons").replace("\N{NO-BREAK SPACE}", " ")
    assert "31 van 80 ingevuld (38,8 %). Norm: 42,5 %." in drawn
    assert 'width="38.75%"' in drawn
    assert "Norm: 40 %" in response_bar(0, 0, Decimal("40.00"), "nl", title="Respons").replace("\xa0", " ")


def test_the_map_has_every_province_that_postcodes_lead_to_and_names_its_makers() -> None:
    known = {line.split(",")[2] for line in POSTCODES.read_text("utf-8").split()[1:]}
    assert {one.name for one in provinces()[0]} == known
    assert "CC BY 4.0" in credit()


def test_the_map_prints_numbers_and_hides_what_is_hidden() -> None:
    drawn = province_map({"Utrecht": 1234, "Zeeland": None, "Gelderland": 1}, "nl")
    assert "Zeeland: – niet getoond." in drawn
    assert "Utrecht: 1234." in drawn
    assert "Drenthe: 0." in drawn
    levels = re.findall(r'<path class="f-level-(\d)"', drawn)
    by_name = dict(zip([one.name for one in provinces()[0]], levels, strict=True))
    assert (by_name["Utrecht"], by_name["Gelderland"], by_name["Zeeland"]) == ("4", "1", "0")
