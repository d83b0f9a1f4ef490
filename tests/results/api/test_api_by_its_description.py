"""Every operation, called in ways that its own description allows and forbids: always a documented answer."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from app.database import writing
from app.fieldwork.tables import Wave
from app.results.api import tokens
from app.results.api.admission import limiter
from app.results.api.application import api_app
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.responses import bring_in, cells, write_csv

N_OPERATIONS = 7
N_EXAMPLES = 12


class Described:
    """The description, and a token that may read everything."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", api_app())


@pytest.fixture
def described(database: str, tmp_path: Path) -> Iterator[Described]:
    make_wave("2022", date(2022, 1, 1), date(2022, 12, 31))
    make_provider("Werkpad")
    bring_in(write_csv(tmp_path / "r.csv", *(cells(case_ref=f"K{n}", grade="8") for n in range(6))))
    with writing() as connection:
        connection.execute(sa.update(Wave.__table__).values(fieldwork_ends_on=date(2023, 2, 1)))  # type: ignore[attr-defined]
        token = tokens.make(connection, "user:1", "Proef", list(tokens.KINDS), "", "", "2")
    limiter.cache_clear()
    yield Described(token)
    limiter.cache_clear()


def operations(described: Described) -> list[Any]:
    found: Any = described.schema.get_all_operations()
    return [operation.ok() for operation in found]


def names(operation: Any) -> set[str]:
    return {parameter.name for parameter in (*operation.path_parameters, *operation.query)}


def test_every_operation_answers_as_it_is_described(described: Described) -> None:
    headers = {"Authorization": f"Bearer {described.token}"}
    modes = [(operation, GenerationMode.POSITIVE) for operation in operations(described)]
    modes += [
        (operation, GenerationMode.NEGATIVE) for operation in operations(described) if "service" in names(operation)
    ]
    assert len(modes) == N_OPERATIONS + 2
    for operation, mode in modes:

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=N_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
        def answers(case: Any) -> None:
            limiter.cache_clear()
            case.call_and_validate(headers=headers)

        answers()


def test_what_exists_is_answered_by_every_operation(described: Described) -> None:
    assert len(operations(described)) == N_OPERATIONS
    for operation in operations(described):
        known = {"wave": "2022", "provider": "werkpad"}
        case = operation.Case(path_parameters={name: known[name] for name in names(operation) & known.keys()})
        response = case.call_and_validate(headers={"Authorization": f"Bearer {described.token}"})
        assert response.status_code == 200, operation.label
