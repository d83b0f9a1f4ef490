"""The short form of the drill with a mail server that misbehaves. `make drills` runs the real one."""

import pytest

from tests.drills.mail_faults import WAYS, Way, misbehaving


@pytest.mark.parametrize(
    "way", [way for way in WAYS if way.name in ("refuses the connection", "closes after the final dot")],
    ids=lambda way: way.name,
)  # fmt: skip
def test_every_message_ends_in_the_right_state_and_none_comes_twice(way: Way) -> None:
    found = misbehaving(way, 3)
    assert (found.states, found.doubles, found.lost) == (way.expected(3), 0, 0)
