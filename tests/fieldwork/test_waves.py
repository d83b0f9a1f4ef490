"""Waves and providers: made with rules from a file, found by label and slug."""

from datetime import date
from pathlib import Path

import pytest

from app.database import reading, writing
from app.errors import Conflict, Invalid, NotFound
from app.fieldwork import waves
from app.fieldwork.rules import shipped_rules
from tests.factories.fieldwork import make_provider, make_wave

START, END = date(2024, 1, 1), date(2024, 12, 31)


def test_a_wave_without_rules_gets_the_shipped_ones_of_its_first_year(database: str) -> None:
    wave = make_wave()
    with reading() as connection:
        assert waves.find_wave(connection, "2024") == wave
    assert wave.rules == shipped_rules(START)
    assert wave.rules.allow_drafted_translations is False
    assert (wave.starts_on, wave.ends_on) == (START, END)


def test_rules_from_a_file_go_over_the_shipped_ones(database: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(
        "services:\n  1: Scholing\n  11: Inburgering\nservices_need_total: no\nallow_drafted_translations: yes\n"
        "response_norm:\n  clients:\n    - {net_max: 20, min_pct: 50}\n    - {net_max: null, min_pct: 37.5}\n"
        "max_sample:\n  11: 50\n"
    )
    with writing() as connection:
        waves.create_wave(connection, "x", START, END, waves.read_rules_file(path, START))
        rules = waves.find_wave(connection, "x").rules
    assert rules.services == {1: "Scholing", 11: "Inburgering"}
    assert rules.services_need_total is False
    assert rules.allow_drafted_translations is True
    assert [(band.net_max, str(band.min_pct)) for band in rules.response_norm.clients] == [(20, "50"), (None, "37.5")]
    assert rules.max_sample == {11: 50}
    assert rules.questionnaires == shipped_rules(START).questionnaires


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("servces: {1: x}", "«servces»"),
        ("max_sample: {11: many}", "max_sample.11"),
        ("services: &a [1]", "rules.yaml:1:"),
        ("a: 1\na: 2", "rules.yaml:2:"),
        ("- 1", "named fields"),
        ("", "named fields"),
        ("inclusive: !!python/object:os.system x", "tags"),
    ],
)
def test_wrong_rules_are_refused_with_the_place(tmp_path: Path, text: str, part: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    with pytest.raises(Invalid) as refused:
        waves.read_rules_file(path, START)
    assert part in str(refused.value) and "\n" not in str(refused.value)


def test_a_rules_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name in ("missing.yaml", ".", "binary"):
        with pytest.raises(Invalid):
            waves.read_rules_file(tmp_path / name, START)


def test_a_label_is_used_once_and_dates_are_in_order(database: str) -> None:
    make_wave()
    with pytest.raises(Conflict, match="2024"):
        make_wave()
    with pytest.raises(Invalid, match="before it starts"):
        make_wave("2025", END, START)
    for label in ("", "  ", "x" * 41, "a/b", "a\nb", "=cmd"):
        with pytest.raises(Invalid, match="label"):
            make_wave(label)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("ISKANDER", "iskander"),
        ("NT2 Digitaal", "nt2-digitaal"),
        ("Réintégratie  & Więcej B.V.", "reintegratie-wiecej-b-v"),
        ("Łódź Ærø ’s-Gravenhage", "lodz-aero-s-gravenhage"),
        ("--", ""),
        ("学校", ""),
    ],
)
def test_a_slug_is_lower_case_ascii_with_hyphens(name: str, slug: str) -> None:
    assert waves.slug_of(name) == slug


def test_a_provider_is_added_once(database: str) -> None:
    assert make_provider("Werkpad").slug == "werkpad"
    with pytest.raises(Conflict, match="werkpad"):
        make_provider("WERKPAD")
    for name in ("", "!!", "x" * 201, "a\x07b"):
        with pytest.raises(Invalid):
            make_provider(name)


@pytest.mark.parametrize("sign", ["\n", "\t", "\x00", "\x1b", "\x85", "\u2028", "\u202e", "\u200b"])
def test_a_name_with_a_character_that_nobody_sees_is_refused(sign: str, database: str) -> None:
    with pytest.raises(Invalid, match="control character"), writing() as connection:
        waves.add_provider(connection, f"Werk{sign}pad")
    with writing() as connection:
        assert waves.add_provider(connection, f" Werk\u00a0 pad {chr(10)}") == "werk-pad"


def test_what_is_missing_is_answered_with_what_there_is(database: str) -> None:
    with reading() as connection:
        with pytest.raises(NotFound, match="wave create"):
            waves.find_wave(connection, "2024")
        with pytest.raises(NotFound, match="provider add"):
            waves.find_provider(connection, "werkpad")
    make_wave("2023"), make_wave("2024"), make_provider("Werkpad")
    with reading() as connection:
        with pytest.raises(NotFound, match=r"there are: 2023, 2024$"):
            waves.find_wave(connection, "2042")
        with pytest.raises(NotFound, match="there is: werkpad"):
            waves.find_provider(connection, "Werkpad BV")


def test_a_participation_is_found_or_made(database: str) -> None:
    wave, provider = make_wave(), make_provider()
    with writing() as connection:
        assert waves.find_participation(connection, wave.id, provider.id) is None
        made = waves.participate(connection, wave.id, provider.id)
        assert waves.participate(connection, wave.id, provider.id) == made
        assert waves.find_participation(connection, wave.id, provider.id) == made
