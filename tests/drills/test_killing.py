"""The short form of the kill drill, with its control. `make drills` runs the real one."""

from tests.drills.killing import kill_at_random


def test_nothing_acknowledged_is_lost_when_the_server_is_killed() -> None:
    outcome = kill_at_random(3, seed=7)
    assert outcome.n_acknowledged >= 15
    assert outcome.lost == set()
    assert outcome.faults == []


def test_the_drill_finds_losses_when_sent_counts_as_stored() -> None:
    assert any(kill_at_random(3, seed=seed, is_early=True).lost for seed in range(5))
