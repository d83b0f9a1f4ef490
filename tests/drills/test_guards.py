"""The list of guards is in step with the sources. `make drills` takes each guard away."""

import ast
from collections import Counter

import pytest

from app.settings import ROOT
from tests.drills.guards import Guard, guards, removed_one_by_one

EVERY = guards()


def test_there_are_enough_guards_each_with_a_name_of_its_own() -> None:
    assert len(EVERY) >= 20
    assert max(Counter(guard.name for guard in EVERY).values()) == 1


@pytest.mark.parametrize("guard", EVERY, ids=lambda guard: guard.name)
def test_each_guard_stands_where_the_list_says_and_has_its_test(guard: Guard) -> None:
    source = (ROOT / guard.file).read_text()
    ast.parse(guard.removed(source))
    path, _, name = guard.test.partition("::")
    assert f"\ndef {name}(" in (ROOT / path).read_text()


def test_a_guard_that_is_gone_is_noticed_and_one_that_is_not_is_told() -> None:
    (limit,) = [guard for guard in EVERY if guard.name == "formulas in cells"]
    harmless = Guard("nothing", limit.file, limit.old, f"{limit.old}  # as before", limit.test)
    assert removed_one_by_one([limit, harmless]) == ["nothing"]
