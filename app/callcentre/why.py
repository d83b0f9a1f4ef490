"""Why this case: one line with every case that is handed out."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from app.callcentre.called_waves import call_rules
from app.callcentre.outcomes import OUTCOMES
from app.callcentre.sentences import Sentence
from app.callcentre.tables import attempt_table, state_table
from app.clock import local
from app.errors import N_
from app.fieldwork.tables import NormProgress, Participation, Provider, Wave

OWN = N_("Uw afspraak van %(at)s.")
ANYONES = N_("Afspraak van %(at)s.")
OVERDUE = N_("Afspraak van %(at)s, die is blijven liggen.")
REQUEST = N_("Vroeg zelf om gebeld te worden.")
SOFT_REFUSAL = N_("Weigerde op %(at)s bij een collega; nog één keer proberen.")
RETRY = N_("Poging %(number)s: op %(at)s «%(outcome)s». %(norm)s")
FRESH = N_("Nog niet gebeld. %(norm)s")
BEHIND = N_("%(provider)s heeft nog %(lacking)s interviews nodig.")
BEHIND_ONE = N_("%(provider)s heeft nog 1 interview nodig.")
ENOUGH = N_("%(provider)s heeft er genoeg.")
_participation = Participation.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
_progress = NormProgress.__table__  # type: ignore[attr-defined]
_wave = Wave.__table__  # type: ignore[attr-defined]
_last = sa.select(sa.func.max(attempt_table.c.started_at)).where(attempt_table.c.case_id == state_table.c.case_id)
SITUATIONS: sa.Select[Any] = sa.select(
    state_table,
    _provider.c.name.label("provider"),
    _progress.c.n_net,
    _progress.c.n_finished,
    _progress.c.n_needed,
    sa.cast(_wave.c.rules, sa.Text).label("rules"),
    _last.scalar_subquery().label("last_at"),
).select_from(
    state_table.join(_participation, _participation.c.id == state_table.c.participation_id)
    .join(_provider, _provider.c.id == _participation.c.provider_id)
    .join(_wave, _wave.c.id == _participation.c.wave_id)
    .outerjoin(
        _progress,
        sa.and_(
            _progress.c.participation_id == state_table.c.participation_id,
            _progress.c.norm_group == state_table.c.norm_group,
        ),
    )
)


def why(connection: Connection, case_id: int, user_id: int | None, at: datetime) -> Sentence:
    """Why this case is handed out to this agent at this moment."""
    return why_of(connection.execute(SITUATIONS.where(state_table.c.case_id == case_id)).one(), user_id, at)


def why_of(row: Row[Any], user_id: int | None, at: datetime) -> Sentence:
    """The same for a row of `SITUATIONS`."""
    if row.stage == "appointment":
        return _promise(row, user_id, at)
    if row.stage == "retry" and row.last_outcome in OUTCOMES and row.last_at is not None:
        outcome = OUTCOMES[row.last_outcome]
        if outcome.follows == "soft_refusal":
            return Sentence(SOFT_REFUSAL, {"at": shown(row.last_at, at)})
        words = {"number": row.n_attempts + 1, "at": shown(row.last_at, at), "outcome": Sentence(outcome.words)}
        return Sentence(RETRY, words | {"norm": _norm(row)})
    return Sentence(FRESH, {"norm": _norm(row)})


def _promise(row: Row[Any], user_id: int | None, at: datetime) -> Sentence:
    if row.is_requested and row.for_user_id is None and row.n_attempts == 0:
        return Sentence(REQUEST)
    grace = timedelta(minutes=call_rules(row.rules).appointment_grace_minutes)
    if row.due_at <= at - grace:
        return Sentence(OVERDUE, {"at": shown(row.due_at, at)})
    is_own = user_id is not None and row.for_user_id == user_id
    return Sentence(OWN if is_own else ANYONES, {"at": shown(row.due_at, at)})


def _norm(row: Row[Any]) -> Sentence:
    if row.n_needed is None:
        return Sentence("%(provider)s.", {"provider": row.provider})
    wanted = min(row.n_needed, row.n_net) if row.norm_group == "phone_quota" else row.n_needed
    n_lacking = wanted - row.n_finished
    message = ENOUGH if n_lacking <= 0 else BEHIND_ONE if n_lacking == 1 else BEHIND
    return Sentence(message, {"provider": row.provider, "lacking": n_lacking})


def shown(moment: datetime, at: datetime) -> str:
    """A moment as people say it: of the same day only the time."""
    on_the_wall = local(moment)
    is_same_day = on_the_wall.date() == local(at).date()
    return f"{on_the_wall:%H:%M}" if is_same_day else f"{on_the_wall.day}-{on_the_wall.month} {on_the_wall:%H:%M}"
