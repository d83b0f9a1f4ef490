"""The summary behind figures keeps up with whatever happens: it always equals a count from scratch."""

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.clock import now
from app.collection.tables import Interview
from app.database import reading, writing
from app.fieldwork.dispositions import FINISHED, NOT_SAMPLED, UNDELIVERABLE, report
from app.results.figures import refresh as figure_refresh
from app.results.figures.counts import readable
from app.results.figures.questions import countable_codes, tables_of_rows
from app.results.figures.refresh import counted_up, keep_up, n_behind, refresh
from app.results.figures.sections import sections_of
from app.results.figures.tables import BenchmarkCount, FigureCount
from app.results.responses.interviews_found import by_id
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.responses import bring_in, cells, write_csv

KEYS = ("questionnaire", "code", "service", "wording", "mode", "language", "value")
PROVIDERS = ("werkpad", "loopbaan", "doorgaan")


@pytest.fixture
def wave_id(database: str) -> int:
    wave = make_wave("2022", date(2022, 1, 1), date(2022, 12, 31))
    for name in PROVIDERS:
        make_provider(name)
    return wave.id


def say(sql: str, **values: Any) -> Any:
    with writing() as connection:
        return connection.execute(sa.text(sql), values)


def ask(sql: str, **values: Any) -> list[Any]:
    with reading() as connection:
        return list(connection.execute(sa.text(sql), values))


def from_scratch() -> Counter[tuple[Any, ...]]:
    """Counted in Python, interview by interview, through the engine's own route."""
    found: Counter[tuple[Any, ...]] = Counter()
    with reading() as connection:
        usable = sa.text(
            "SELECT c.id, c.participation_id, i.language FROM survey_case c JOIN interview i ON i.case_id = c.id"
            " WHERE i.is_usable AND c.disposition NOT IN ('not_sampled','undeliverable','quota_filled','self_reporter')"
        )
        rows = connection.execute(usable).all()
        known = by_id(connection, [row.id for row in rows])
        for row in rows:
            one = known[row.id]
            definition = readable(connection, one.version_hash or "")
            assert definition is not None
            counted = one.route(connection).counted
            who = (one.service or 0, one.wording, one.mode, row.language)
            for code in countable_codes(definition):
                if counted.get(code) is not None:
                    found[row.participation_id, definition.name, code, *who, counted[code]] += 1
            for code, codes in tables_of_rows(definition).items():
                if any(counted.get(one) is not None for one in codes):
                    found[row.participation_id, definition.name, code, *who, ""] += 1
    return found


def stored() -> tuple[Counter[tuple[Any, ...]], Counter[tuple[Any, ...]]]:
    """What the summary says, per participation and for the wave."""
    per_participation: Counter[tuple[Any, ...]] = Counter()
    of_wave: Counter[tuple[Any, ...]] = Counter()
    with reading() as connection:
        for row in connection.execute(sa.select(FigureCount.__table__)):
            per_participation[row.participation_id, *(getattr(row, key) for key in KEYS)] = row.n
        for row in connection.execute(sa.select(BenchmarkCount.__table__)):
            of_wave[tuple(getattr(row, key) for key in KEYS)] = row.n
    return per_participation, of_wave


def assert_in_step() -> None:
    expected, (per_participation, of_wave) = from_scratch(), stored()
    assert per_participation == expected
    totals: Counter[tuple[Any, ...]] = Counter()
    for key, n in expected.items():
        totals[key[1:]] += n
    assert of_wave == totals


def some_cells(chance: random.Random, reference: str, service: str) -> dict[str, str]:
    """Answers on and off the route, in any wording."""
    wording = chance.choice(("regular", "low_threshold"))
    row = cells(
        case_ref=reference,
        service=service,
        wording=wording,
        grade=chance.choice(("", "7", "7,5", "10")),
        complaint=chance.choice(("yes", "no", "")),
        complaint_solved=chance.choice(("yes", "")),
        had_contact=chance.choice(("yes", "yes", "no")),
        contact_ways__phone=chance.choice(("0", "1")),
        contact_ways__email="1",
        respect=chance.choice(("satisfied", "no_opinion", "dissatisfied", "")),
        remarks="Een open antwoord",
    )
    if service == "1" and wording == "regular":
        row["training_kind"] = chance.choice(("language", "other"))
        row["training_kind.other"] = "fietsen" if row["training_kind"] == "other" else ""
    return row


def happen(chance: random.Random, folder: Path) -> None:
    """Something that changes what counts, in whatever way the rest of the system does it."""
    ids = [row.id for row in ask("SELECT id FROM survey_case ORDER BY id")]
    answered = [row.case_id for row in ask("SELECT case_id FROM interview ORDER BY case_id")]
    what = chance.choice(("import", "import", "disposition", "answer", "language", "erase", "profile", "nothing"))
    if what == "import":
        provider = chance.choice(PROVIDERS)
        numbers = sorted(chance.sample(range(12), chance.randint(1, 5)))
        rows = [some_cells(chance, f"{provider}-{n}", ("1", "3", "9")[n % 3]) for n in numbers]
        bring_in(write_csv(folder / f"{chance.random()}.csv", *rows), provider)
    elif what == "disposition" and ids:
        with writing() as connection:
            report(connection, [chance.choice(ids)], chance.choice((NOT_SAMPLED, UNDELIVERABLE, FINISHED)))
    elif what == "answer" and answered:
        case_id, value = chance.choice(answered), chance.choice(("yes", "no"))
        say("UPDATE answer SET value = :v WHERE case_id = :id AND code = 'complaint'", v=value, id=case_id)
        touch(case_id)
    elif what == "language" and answered:
        say("UPDATE interview SET language = 'en' WHERE case_id = :id", id=chance.choice(answered))
    elif what == "erase" and answered:
        case_id = chance.choice(answered)
        for table in ("answer", "interview", "contact"):
            say(f"DELETE FROM {table} WHERE case_id = :id", id=case_id)
        say("DELETE FROM survey_case WHERE id = :id", id=case_id)
    elif what == "profile" and ids:
        say("UPDATE survey_case SET learning_profile = 2 WHERE id = :id", id=chance.choice(ids))


def touch(case_id: int) -> None:
    """As whoever changes an answer does, in the same unit of work."""
    interview = Interview.__table__
    with writing() as connection:
        before = connection.scalar(sa.select(interview.c.changed_at).where(interview.c.case_id == case_id))
        later = max(now(), before + timedelta(microseconds=1))
        connection.execute(sa.update(interview).where(interview.c.case_id == case_id).values(changed_at=later))


@pytest.mark.parametrize("seed", range(6))
def test_after_anything_that_happens_the_summary_equals_a_count_from_scratch(
    wave_id: int, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    bring_in(write_csv(tmp_path / "first.csv", *(some_cells(chance, f"vast-{n}", "9") for n in range(20))))
    n_largest = 0
    for _ in range(9):
        for _ in range(chance.randint(1, 3)):
            happen(chance, tmp_path)
        refresh(wave_id)
        assert_in_step()
        n_largest = max(n_largest, len(stored()[0]))
    assert n_largest > 20  # the test would say nothing about an empty summary


def test_the_summary_is_behind_until_it_is_refreshed(wave_id: int, tmp_path: Path) -> None:
    bring_in(write_csv(tmp_path / "r.csv", cells(grade="8")))
    with reading() as connection:
        assert n_behind(connection, wave_id) == 1
    told: list[tuple[int, int]] = []
    assert refresh(wave_id, advance=lambda n_done, n_total: told.append((n_done, n_total))) == 1
    assert told == [(1, 1)]
    assert refresh(wave_id) == 0


def test_a_refresh_that_stops_half_way_goes_on_where_it_was(
    wave_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(write_csv(tmp_path / "r.csv", cells(grade="8"), cells(case_ref="C2", grade="6")))

    class Killed(Exception):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(figure_refresh, "_recount", killed)
        with pytest.raises(Killed):
            refresh(wave_id)
    assert stored()[0] == Counter()
    refresh(wave_id)
    assert_in_step()


def test_whoever_writes_already_counts_within_that_unit_of_work(wave_id: int, tmp_path: Path) -> None:
    bring_in(write_csv(tmp_path / "r.csv", cells(grade="8")))
    with writing() as connection:
        assert sections_of(connection, "2022", "werkpad") != []
    assert_in_step()


def test_a_large_wave_is_looked_through_less_often_but_a_shown_provider_always(
    wave_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure_refresh, "_pause", lambda looking_seconds: 60.0)
    keep_up(wave_id)
    bring_in(write_csv(tmp_path / "w.csv", cells(grade="8")), "werkpad")
    bring_in(write_csv(tmp_path / "l.csv", cells(grade="6")), "loopbaan")
    with reading() as connection, counted_up(connection, wave_id, 1) as fresh:
        assert n_behind(fresh, wave_id) == 1  # loopbaan waits, werkpad does not
