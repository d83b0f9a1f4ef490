"""What the agent's screen shows beside the questions: who, history, why this one, and what the day brought."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial

import sqlalchemy as sa
from babel.dates import format_datetime
from sqlalchemy.engine import Connection

from app import clock
from app.accounts.sessions import Account
from app.callcentre import queue
from app.callcentre.case_in_hand import InHand, note_sight
from app.callcentre.history import Line, history
from app.callcentre.person import Person, read_person
from app.callcentre.sentences import Sentence
from app.callcentre.tables import attempt_table, shift_table
from app.clock import AMSTERDAM
from app.collection.phone import on_the_web
from app.database import reading
from app.language import LANGUAGES


@dataclass(frozen=True)
class Day:
    """What an agent did today. `kind`: work or break, or "" outside a shift."""

    kind: str
    since: datetime | None
    n_attempts: int
    n_interviews: int


@dataclass(frozen=True, repr=False)
class CallScreen:
    """One case in an agent's hands. `web_at`: when the respondent was last on the web, if just now."""

    hand: InHand
    person: Person
    lines: tuple[Line, ...]
    why: Sentence
    web_at: datetime | None
    day: Day
    agent: str
    form_token: str
    language: str

    @property
    def address(self) -> str:
        """Where the pages of this case begin."""
        return f"/kantoor/bellen/{self.hand.case_id}"

    @property
    def spoken(self) -> str:
        """The name of the respondent's language, in that language."""
        return LANGUAGES.get(self.person.language, self.person.language)

    @property
    def dialled(self) -> str:
        """The number that was dialled, as a tel: address takes it."""
        numbers = self.person.numbers
        return numbers[self.hand.phone_index].e164 if self.hand.phone_index < len(numbers) else ""

    @property
    def when(self) -> Callable[[datetime], str]:
        """`di 24 nov 10:05`, in the language of the agent."""
        return partial(short_moment, language=self.language)


def short_moment(moment: datetime, language: str) -> str:
    """`di 24 nov 10:05`; of today only the time."""
    on_the_wall = clock.local(moment)
    pattern = "HH:mm" if on_the_wall.date() == clock.today() else "EEE d MMM HH:mm"
    return format_datetime(on_the_wall, pattern, locale=language)


def call_screen(account: Account, hand: InHand) -> CallScreen:
    """Everything beside the questions; that contact data are seen is noted first."""
    note_sight(account.actor, hand.case_id)
    with reading() as connection:
        return CallScreen(
            hand=hand,
            person=read_person(connection, hand.case_id),
            lines=history(connection, hand.case_id),
            why=queue.why(connection, hand.case_id),
            web_at=on_the_web(connection, hand.case_id),
            day=day_of(connection, account.user_id),
            agent=account.name,
            form_token=account.form_token,
            language=account.language,
        )


def day_of(connection: Connection, user_id: int) -> Day:
    """The shift that is under way, and today's calls."""
    midnight = datetime.combine(clock.today(), time(), AMSTERDAM).astimezone(UTC)
    shift = connection.execute(
        sa.select(shift_table.c.kind, shift_table.c.started_at)
        .where(shift_table.c.user_id == user_id, shift_table.c.ended_at.is_(None))
        .order_by(shift_table.c.started_at.desc())
    ).first()
    n_attempts, n_interviews = connection.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(sa.case((attempt_table.c.outcome == "complete", 1), else_=0)), 0),
        ).where(attempt_table.c.user_id == user_id, attempt_table.c.started_at >= midnight)
    ).one()
    return Day(shift.kind if shift else "", shift.started_at if shift else None, n_attempts, n_interviews)
