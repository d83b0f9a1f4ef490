"""A wave in full fieldwork: files with faults in them, people who fell away, messages in every state, answers."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app import clock
from app.database import reading, writing
from app.fieldwork import dispositions
from app.fieldwork.tables import Case, Contact, Message
from tests.factories.deliveries import client, commissioner, deliver
from tests.factories.fieldwork import make_provider, make_wave
from tests.factories.interviews import make_interview

_case = Case.__table__  # type: ignore[attr-defined]
_contact = Contact.__table__  # type: ignore[attr-defined]
_message = Message.__table__  # type: ignore[attr-defined]


def wave_in_fieldwork(folder: Path) -> None:
    """Werkpad delivered twice, with 21 rows in all; Anders delivered two clients and nothing happened there.

    Of Werkpad's rows 2 are rejected, 2 duplicate, 1 a self-reporter and 1 known; of the 15 people 3 stay in reserve.
    """
    make_wave(rules={"max_sample": {9: 9}})
    make_provider("Werkpad")
    make_provider("Anders")
    clients = [client(taal="en" if n < 2 else "nl") for n in range(12)]
    twice = client(email=clients[3]["email"])
    again = clients[4] | {"email": "nieuw@voorbeeld.example"}
    reports_self = client(zelfmelder="ja", dienst="1", email="zelf@voorbeeld.example")
    faulty = [client(dienst="99"), client(einddatum="vroeger")]
    answers_as_client = commissioner(email=reports_self["email"])
    deliver(folder, *clients, twice, *faulty)
    deliver(
        folder,
        again,
        reports_self,
        answers_as_client,
        commissioner(),
        commissioner(),
        clients[5] | {"klantnummer": "X"},
    )
    deliver(folder, client(), client(), provider="anders")


def open_cases(provider: str = "werkpad", kind: str = "client") -> list[int]:
    """The ids of the cases that may be invited; Werkpad's client of service 1, whom nothing happened to, last."""
    with reading() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT c.id FROM survey_case c JOIN participation p ON p.id = c.participation_id "
                "JOIN provider v ON v.id = p.provider_id "
                "WHERE v.slug = :slug AND c.kind = :kind AND c.disposition = 'open' ORDER BY c.service DESC, c.id"
            ),
            {"slug": provider, "kind": kind},
        )
        return [row.id for row in rows]


def change_case(case_id: int, **values: Any) -> None:
    with writing() as connection:
        connection.execute(sa.update(_case).where(_case.c.id == case_id).values(values))


def put_message(case_id: int, step: str = "0-email-invitation", state: str = "sent", **values: Any) -> None:
    """A message of this step in this state."""
    channel, kind = step.split("-")[1:] if step[0].isdigit() else ("email", "invitation")
    row = {
        "case_id": case_id, "step": step, "channel": channel, "kind": kind, "due_at": clock.now(), "state": state,
        "n_attempts": 1, "sent_at": None if state in ("queued", "withdrawn") else clock.now(),
    }  # fmt: skip
    with writing() as connection:
        connection.execute(sa.insert(_message).values(row | values))


def let_it_run() -> dict[str, int]:
    """What happened at Werkpad since: one case for every way in which a case can stand. Returns the ids by name."""
    names = ("gone", "full", "silent", "invited", "opened", "broken_off", "finished", "usable", "by_phone")
    cases = dict(zip(names, open_cases(), strict=False))
    begun = clock.now() - timedelta(days=8)
    with writing() as connection:
        dispositions.report(connection, [cases["gone"]], dispositions.UNDELIVERABLE)
        dispositions.report(connection, [cases["full"]], dispositions.QUOTA_FILLED)
        dispositions.report(connection, [cases["silent"]], dispositions.OPTED_OUT)
    for name in ("gone", "silent", "invited", "opened", "broken_off", "finished", "usable"):
        put_message(cases[name], state="bounced" if name == "gone" else "sent", sent_at=begun)
    for name in ("invited", "opened"):
        put_message(cases[name], "7-email-reminder")
    put_message(cases["invited"], "14-letter-reminder", "printed")
    put_message(cases["opened"], "resend-1", "queued")
    put_message(cases["opened"], "14-letter-reminder", "withdrawn")
    change_case(cases["opened"], opened_at=clock.now())
    make_interview(cases["broken_off"], is_usable=False)
    make_interview(cases["finished"], is_usable=False)
    make_interview(cases["usable"], grade=8)
    make_interview(cases["by_phone"], grade=7)
    with writing() as connection:
        connection.execute(
            sa.text("UPDATE interview SET finished_at = NULL WHERE case_id = :id"), {"id": cases["broken_off"]}
        )
        connection.execute(
            sa.text("UPDATE interview SET mode = 'phone' WHERE case_id = :id"), {"id": cases["by_phone"]}
        )
    return cases
