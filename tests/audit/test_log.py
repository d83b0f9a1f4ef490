"""The audit log: what is written is kept, and every change to it shows."""

import random
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.audit.log import entry_table, record, verify
from app.audit.tables import AuditHead
from app.database import reading, writing

head_table = AuditHead.__table__
N_ENTRIES = 12


def fill(n: int = N_ENTRIES) -> None:
    for number in range(n):
        with writing() as connection:
            record(connection, f"user:{number % 3}", "case.seen", f"case:{number}", n_rows=number, is_export=False)


def verdict() -> tuple[str, ...]:
    with reading() as connection:
        return verify(connection).faults


def test_a_log_as_it_was_written_is_whole(database: str) -> None:
    assert verdict() == ()
    fill()
    assert verdict() == ()
    with reading() as connection:
        assert verify(connection).n_entries == N_ENTRIES


def test_an_entry_stands_or_falls_with_the_change_that_it_tells(database: str) -> None:
    with pytest.raises(ZeroDivisionError), writing() as connection:
        record(connection, "command", "user.added", "user:1")
        _ = 1 / 0
    assert verdict() == ()
    with reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(entry_table)).scalar() == 0


def _change(number: int, chance: random.Random) -> list[sa.Executable]:
    column = chance.choice(["actor", "action", "subject"])
    return [sa.update(entry_table).values({column: "forged"}).where(entry_table.c.number == number)]


def _change_details(number: int, chance: random.Random) -> list[sa.Executable]:
    return [sa.update(entry_table).values(details={"n_rows": 10_000}).where(entry_table.c.number == number)]


def _remove(number: int, chance: random.Random) -> list[sa.Executable]:
    return [sa.delete(entry_table).where(entry_table.c.number == number)]


def _cut_off(number: int, chance: random.Random) -> list[sa.Executable]:
    return [
        sa.delete(entry_table).where(entry_table.c.number >= number),
        sa.update(head_table).values(number=number - 1),
    ]


def _swap(number: int, chance: random.Random) -> list[sa.Executable]:
    other = number % N_ENTRIES + 1
    move = sa.update(entry_table)
    return [
        move.values(number=9999).where(entry_table.c.number == number),
        move.values(number=number).where(entry_table.c.number == other),
        move.values(number=other).where(entry_table.c.number == 9999),
    ]


def _copy(number: int, chance: random.Random) -> list[sa.Executable]:
    columns = [column if column.name != "number" else sa.literal(N_ENTRIES + 1) for column in entry_table.c]
    copied = sa.insert(entry_table).from_select(
        [column.name for column in entry_table.c], sa.select(*columns).where(entry_table.c.number == number)
    )
    return [copied, sa.update(head_table).values(number=N_ENTRIES + 1)]


TAMPERINGS: list[Callable[[int, random.Random], list[sa.Executable]]] = [
    _change,
    _change_details,
    _remove,
    _cut_off,
    _swap,
    _copy,
]


class _Undo(Exception):
    pass


def test_a_thousand_tamperings_all_show(database: str) -> None:
    fill()
    chance = random.Random(20)
    missed = []
    for n in range(1000):
        tampering, number = chance.choice(TAMPERINGS), chance.randint(1, N_ENTRIES)
        with pytest.raises(_Undo), writing() as connection:
            for statement in tampering(number, chance):
                connection.execute(statement)
            if not verify(connection).faults:
                missed.append((n, tampering.__name__, number))
            raise _Undo
    assert missed == []
    assert verdict() == ()


def test_an_entry_from_another_past_does_not_fit_into_the_chain(database: str) -> None:
    """A real entry, sealed with the real secret, of a database that was put back to an older state since then."""
    elsewhere: list[dict[str, object]] = []
    with pytest.raises(_Undo), writing() as connection:
        record(connection, "user:1", "case.opted_out", "case:1")
        elsewhere += [dict(row._mapping) for row in connection.execute(sa.select(entry_table))]
        raise _Undo
    with writing() as connection:
        for number in (2, 3):
            record(connection, "user:1", "case.opted_out", f"case:{number}")
    assert verdict() == ()
    with writing() as connection:
        (other,) = elsewhere
        connection.execute(sa.update(entry_table).where(entry_table.c.number == 1).values(other))
    assert len(verdict()) == 1


def test_a_wiped_log_is_not_taken_for_a_new_one(database: str) -> None:
    fill()
    with writing() as connection:
        connection.execute(sa.delete(entry_table))
        connection.execute(sa.update(head_table).values(number=0))
    assert verdict() != ()


def test_the_command_says_whole_or_what_is_wrong(database: str, cli: Callable[..., object]) -> None:
    fill(3)
    outcome = cli("audit", "verify")
    assert (outcome.exit_code, outcome.stdout[:9]) == (0, "3 entries")
    with writing() as connection:
        connection.execute(sa.update(entry_table).values(actor="user:9").where(entry_table.c.number == 2))
    outcome = cli("audit", "verify")
    assert outcome.exit_code == 1
    assert "entry 2 is not as it was written" in outcome.stdout
