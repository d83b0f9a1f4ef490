"""Tomorrow's queue, without calling anybody."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine

from app.callcentre import queue
from app.fieldwork.tables import random_id
from tests.factories.calls import called_participation, dutch, make_agent, phone_case, queued, set_state, state


def test_the_queue_of_tomorrow_is_shown_with_reasons_and_stays_as_it_is(database: str, cli: Callable[..., Any]) -> None:
    with time_machine.travel(dutch("11-02 16:00"), tick=False):
        here = called_participation()
        fresh, retry, evening = queued(here, 3)
        phone_case(here, language="ar")
        set_state(retry, stage="retry", due_at=dutch("11-03 09:00"), n_attempts=1, last_outcome="busy")
        set_state(evening, stage="appointment", due_at=dutch("11-03 19:00"))
        seen = json.loads(cli("calls", "--wave", "2026", "--format", "json").stdout)
        assert (seen["day_part"], seen["n_now"], seen["by_stage"]) == ("morning", 3, {"retry": 1, "fresh": 2})
        assert seen["by_day_part"] == {"morning": 3, "afternoon": 3, "evening": 4}
        assert seen["cases"][0]["case"] == str(retry)
        told = cli("calls", "--wave", "2026", "--at", "2026-11-03T19:00", "--limit", "1")
        assert "(evening): 4 cases  appointment 1  retry 1  fresh 2" in told.stdout
        assert f"   1  {evening}  Afspraak van 19:00." in told.stdout
        assert "No agent speaks: ar (1)" in told.stderr
        assert state(fresh).locked_by is None


def test_the_order_shown_is_the_order_handed_out(database: str, cli: Callable[..., Any]) -> None:
    moment = dutch("11-03 18:00")
    with time_machine.travel(dutch("11-02 09:00"), tick=False):
        for name in ("Een", "Twee", "Drie"):
            for number, case in enumerate(queued(called_participation(name), 4 + len(name))):
                stage = ("fresh", "retry", "appointment")[case % 3]
                set_state(case, stage=stage, due_at=moment - timedelta(minutes=number * (case % 11)))
        shown = json.loads(cli("calls", "--wave", "2026", "--at", "2026-11-03T18:00", "--format", "json").stdout)
    with time_machine.travel(moment, tick=False):
        agents = [make_agent(f"A{random_id()}") for _ in shown["cases"]]
        handed = [queue.next_case(agent) for agent in agents]
    assert [str(one.case_id) for one in handed if one] == [case["case"] for case in shown["cases"]]


def test_a_wave_that_was_not_started_is_refused(database: str, cli: Callable[..., Any]) -> None:
    with time_machine.travel(dutch("11-01 09:00"), tick=False):
        called_participation()
        assert "not called now" in cli("calls", "--wave", "2026").stderr
