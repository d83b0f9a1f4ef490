"""The short form of the sending drill, with its control. `make drills` runs the real one."""

from tests.drills.sending import kill_while_sending


def test_no_message_is_sent_twice_when_workers_are_killed(database: str) -> None:
    done = kill_while_sending(60, 2, seed=1)
    assert done.states["sent"] + done.states["uncertain"] == 60
    assert (done.doubles, done.lost, done.untold) == (0, 0, 0)
    assert done.states["uncertain"] <= 2


def test_the_drill_finds_doubles_without_leases(var_folder: object) -> None:
    from app.schema import ensure_migrated

    ensure_migrated()
    assert kill_while_sending(100, 0, seed=1, guard="no-leases").doubles > 0
