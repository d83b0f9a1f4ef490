"""What the page of invitations tells: who gets what at a moment, what became of every step, and the words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.channels import Envelope
from app.clock import local, now
from app.errors import N_, NotFound
from app.fieldwork.questionnaires import current
from app.fieldwork.scheme import Step
from app.fieldwork.sending.due_steps import RESEND, WORDS
from app.fieldwork.sending.message_texts import Addressee, words
from app.fieldwork.sending.planning import SendingWave, plan
from app.fieldwork.sending.schedule import due_at, is_allowed, next_allowed
from app.fieldwork.tables import Case, Message, Participation
from app.language import SOURCE_LANGUAGE
from app.settings import settings

CHANNELS = {"email": N_("e-mail"), "letter": N_("brief")}
KINDS = {
    "invitation": N_("uitnodiging"),
    "reminder": N_("herinnering"),
    "last_reminder": N_("laatste herinnering"),
}
GROUPS = {"clients": N_("cliënten"), "commissioners": N_("opdrachtgevers")}
AUDIENCES = {"all": "", "no_email": N_("zonder e-mailadres")}
# the states of a message as staff read them, with what is under way taken together
COLUMNS = (
    ("queued", N_("In de wachtrij")),
    ("sent", N_("Verstuurd")),
    ("came_back", N_("Kwam terug")),
    ("uncertain", N_("Onzeker")),
    ("failed", N_("Mislukt")),
    ("withdrawn", N_("Ingetrokken")),
)
_COLUMN_OF = {"claimed": "queued", "sending": "queued", "printed": "sent", "returned": "came_back"}
_COLUMN_OF |= {"bounced": "came_back"}
EXAMPLE_CODE = "ABCD-EFGH-JKLM-NPQR"
_message = Message.__table__  # type: ignore[attr-defined]
_case = Case.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class StepLine:
    """One step of the scheme: what it is, the day it falls on, and how many messages are in which column."""

    group: str
    step: Step | None  # None = sent again
    on: date | None
    counts: Counter[str]

    @property
    def n_all(self) -> int:
        return self.counts.total()


@dataclass(frozen=True)
class DueLine:
    """So many people get this message."""

    channel: str
    kind: str
    n_people: int


@dataclass(frozen=True)
class DryRun:
    """Who would get what at a moment, and who nothing, and why."""

    at: datetime
    leaves_at: datetime  # the first moment at or after it when something may leave
    due: Sequence[DueLine]
    skipped: Sequence[tuple[str, int]]  # sentence, n people

    @property
    def n_due(self) -> int:
        return sum(line.n_people for line in self.due)

    @property
    def is_moved(self) -> bool:
        return not is_allowed(self.at)


def dry_run(connection: Connection, wave: SendingWave, at: datetime) -> DryRun:
    """What sending would do at a moment; reads only."""
    made = plan(connection, wave, at)
    counted = Counter((due.step.channel, due.step.kind) for _, due in made.due)
    lines = [DueLine(channel, kind, n) for (channel, kind), n in sorted(counted.items())]
    skipped = [(WORDS[reason], n) for reason, n in made.skipped.most_common()]
    return DryRun(at, next_allowed(at), lines, skipped)


def step_lines(connection: Connection, wave: SendingWave) -> list[StepLine]:
    """Every step of the scheme in order of day with what became of its messages; what was sent again comes last."""
    counted = _counts(connection, wave.id)
    lines = []
    for target, step in sorted(wave.rules.scheme.steps(), key=lambda one: (one[1].day, one[0])):
        on = local(due_at(wave.started_at, step.day)).date() if wave.started_at else None
        lines.append(StepLine(target, step, on, counted.pop((target, step.name), Counter())))
    others: dict[str, Counter[str]] = {}
    for (group, _), counts in counted.items():  # sent again, or a step that the scheme no longer has
        others[group] = others.get(group, Counter()) + counts
    return lines + [StepLine(group, None, None, counts) for group, counts in sorted(others.items())]


def _counts(connection: Connection, wave_id: int) -> dict[tuple[str, str], Counter[str]]:
    rows = connection.execute(
        sa.select(_case.c.kind, _message.c.step, _message.c.state, sa.func.count())
        .join(_case, _case.c.id == _message.c.case_id)
        .join(_participation, _participation.c.id == _case.c.participation_id)
        .where(_participation.c.wave_id == wave_id)
        .group_by(_case.c.kind, _message.c.step, _message.c.state)
    )
    counted: dict[tuple[str, str], Counter[str]] = {}
    for kind, step, state, n_messages in rows:
        key = (f"{kind}s", RESEND if step.startswith(RESEND) else step)
        counted.setdefault(key, Counter())[_COLUMN_OF.get(state, state)] += n_messages
    return counted


@dataclass(frozen=True)
class Sort:
    """A sort of message that can be looked at: one per questionnaire, wording, language and kind."""

    questionnaire: str
    wording: str
    language: str
    kind: str


def sorts(wave: SendingWave) -> dict[str, tuple[str, ...]]:
    """The choices of somebody who wants to read a message, by field."""
    chosen = wave.rules.questionnaires
    names = tuple(dict.fromkeys((chosen.clients, chosen.inburgering, chosen.commissioners)))
    wordings = tuple(dict.fromkeys(wording for name in names for wording in current(name).wordings))
    return {"questionnaire": names, "wording": wordings, "kind": tuple(KINDS)}


def example(wave: SendingWave, sort: Sort) -> Envelope:
    """A message as somebody would get it, with links that open nothing.

    Raises:
        NotFound: when there is no such questionnaire or message.
    """
    if sort.questionnaire not in sorts(wave)["questionnaire"] or sort.kind not in KINDS:
        raise NotFound("there is no such message")
    dated = wave if wave.started_at or wave.fieldwork_ends_on else replace(wave, started_at=now())
    address = settings().public_url.rstrip("/")
    link = f"{address}/v/{'voorbeeld' * 2}"
    addressee = Addressee(sort.questionnaire, sort.wording, sort.language or SOURCE_LANGUAGE)
    said = words(addressee, sort.kind, dated, provider="Werkpad", link=link, code=EXAMPLE_CODE)
    return Envelope(
        message_id="voorbeeld@localhost",
        to="voorbeeld@example.nl",
        language=said.language,
        subject=said.subject,
        paragraphs=said.paragraphs,
        button=said.button,
        link=link,
        unsubscribe_link=f"{address}/afmelden/voorbeeld",
        until=said.until,
    )
