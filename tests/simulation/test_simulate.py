"""Made-up respondents store what people could have stored, and the same seed stores the same."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from app.collection.tables import Answer, Interview
from app.database import reading, writing
from app.encryption import decrypt
from app.errors import NotFound
from app.fieldwork.delivery.file import open_delivery
from app.fieldwork.delivery.storing import import_delivery
from app.fieldwork.tables import Contact
from app.simulation.people import Caseload, client, write_delivery
from app.simulation.respondents import Summary
from app.simulation.simulate import plan, printed, simulate
from tests.factories.cases import make_case, make_participation
from tests.factories.fieldwork import make_provider, make_wave

N_CLIENTS = 45


def run(seed: int, response_share: float = 1.0, **more: Any) -> Summary:
    (done,) = simulate(plan("2024", seed).invitees, response_share, **more)
    return done


def stored() -> dict[str, dict[str, str | None]]:
    """Answers by the client's reference."""
    answer, contact = Answer.__table__, Contact.__table__
    found: dict[str, dict[str, str | None]] = {}
    with reading() as connection:
        rows = connection.execute(
            sa.select(contact.c.reference, answer.c.code, answer.c.value).join(
                answer, answer.c.case_id == contact.c.case_id
            )
        )
        for row in rows:
            found.setdefault(decrypt(row.reference), {})[row.code] = row.value
    return found


def moments() -> dict[int, datetime]:
    """When each finished interview was last changed."""
    table = Interview.__table__
    with reading() as connection:
        rows = connection.execute(
            sa.select(table.c.case_id, table.c.changed_at).where(table.c.finished_at.is_not(None))
        )
        return {row.case_id: row.changed_at for row in rows}


def forget_answers() -> None:
    with writing() as connection:
        connection.execute(sa.delete(Answer.__table__))
        connection.execute(sa.delete(Interview.__table__))


@pytest.fixture
def clients(database: str, tmp_path: Path) -> None:
    make_wave(rules={"questionnaires": {"clients": "arbeid-2022"}})
    make_provider("Werkpad")
    random = Random(5)
    caseload = Caseload((1, 3, 9), date(2024, 1, 1), date(2024, 12, 31), low_threshold_share=0.3)
    write_delivery(tmp_path / "werkpad.csv", [client(random, number, caseload) for number in range(N_CLIENTS)])
    import_delivery(open_delivery(tmp_path / "werkpad.csv"), "werkpad", "2024")


def test_the_same_seed_on_the_same_data_gives_the_same_answers(clients: None) -> None:
    first, answers = run(7, 0.3), stored()
    forget_answers()
    assert (run(7, 0.3), stored()) == (first, answers)
    forget_answers()
    run(8, 0.3)
    assert stored() != answers


def test_people_skip_break_off_say_other_things_and_change_their_minds(clients: None) -> None:
    done, answers = run(1), stored()
    values = [(code, value) for given in answers.values() for code, value in given.items()]
    assert done.n_invited == done.n_started == N_CLIENTS
    assert 0 < done.n_broken_off < N_CLIENTS / 2
    assert done.n_finished == N_CLIENTS - done.n_broken_off
    assert any(value is None and code == "intake" for code, value in values)
    assert any(value and code.endswith(".other") for code, value in values)
    assert any("." in (value or "") for code, value in values if code == "grade")
    # contact was denied later, so the answers about it fell off the route but are still there
    assert any(given.get("had_contact") == "no" and "respect" in given for given in answers.values())


def test_the_summary_says_what_the_database_says(clients: None) -> None:
    done = run(3, 0.5)
    table = Interview.__table__
    with reading() as connection:
        rows = connection.execute(sa.select(table.c.finished_at, table.c.is_usable)).all()
    assert done.n_started == len(rows) < N_CLIENTS
    assert done.n_finished == sum(row.finished_at is not None for row in rows)
    assert done.n_usable == sum(row.is_usable for row in rows)


def test_whoever_finished_is_left_alone(clients: None) -> None:
    first = run(4, 0.4)
    finished_at = moments()
    again = run(4, 0.4)
    assert again.n_started == first.n_broken_off
    assert again.n_finished + first.n_finished == len(moments())
    assert finished_at.items() <= moments().items()


def test_nobody_comes_in_where_the_door_is_closed(database: str) -> None:
    closed = make_participation("2024", fieldwork_ends_on=date(2020, 1, 1))
    make_case(closed)
    make_case(closed, disposition="opted_out")
    assert run(1).n_started == 0


def test_cases_whose_questionnaire_is_not_there_are_counted_apart(database: str) -> None:
    wave = make_wave(rules={"questionnaires": {"clients": "arbeid-1999"}})
    make_case(make_participation(wave.label))
    planned = plan("2024", 1)
    assert (planned.invitees, planned.n_waiting) == ((), {"arbeid-1999": 1})


def test_an_unknown_wave_or_provider_is_refused(clients: None) -> None:
    with pytest.raises(NotFound, match="there is no wave «2019»"):
        plan("2019", 1)
    with pytest.raises(NotFound, match="there is no provider «nobody»"):
        plan("2024", 1, "nobody")


def test_the_command_prints_a_line_per_provider_and_a_total(clients: None, cli: Callable[..., Any]) -> None:
    ended = cli("simulate", "--wave", "2024", "--seed", 2, "--response-share", 0.1, "--provider", "werkpad")
    assert ended.exit_code == 0
    assert ended.stdout.splitlines()[0].split() == [
        "provider",
        "invited",
        "started",
        "broken",
        "off",
        "finished",
        "usable",
    ]
    assert ended.stdout.splitlines()[1].split()[:2] == ["werkpad", str(N_CLIENTS)]
    assert "pages in" in ended.stderr
    assert cli("simulate", "--wave", "2019", "--seed", 2).exit_code == 1
    assert cli("simulate", "--wave", "2024", "--seed", 2, "--response-share", 7).exit_code == 2


def test_several_providers_get_a_total() -> None:
    lines = printed([Summary("a", 10, 5, 1, 4, 3, 50), Summary("b", 1, 0, 0, 0, 0, 0)]).splitlines()
    assert lines[-1].split() == ["total", "11", "5", "1", "4", "3"]
