"""The short form of the mixed-mode drill, with its controls. `make drills` runs more, `make drills FULL=1` 2,000."""

import pytest

from tests.drills.mixed_mode import fight


def test_two_agents_and_the_web_lose_and_double_nothing(database: str) -> None:
    score = fight(4, seed=2)
    assert (score.faults, score.n_runs) == (0, 4), vars(score)
    assert score.n_answers > 0


@pytest.mark.parametrize("guard", ["no-lock", "no-door"])
def test_the_drill_finds_what_a_missing_guard_lets_through(var_folder: object, guard: str) -> None:
    from app.schema import ensure_migrated

    ensure_migrated()
    assert fight(25, seed=1, guard=guard).faults > 0
