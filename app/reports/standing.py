"""Where the report of one provider stands, as its office page shows it, and what publishing it will do."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.clock import today
from app.errors import N_, Conflict
from app.fieldwork.tables import Wave
from app.fieldwork.waves import find_wave
from app.language import long_date
from app.reports import editions, rebuttals
from app.reports.chapters.contact import REBUTTAL_DAYS
from app.reports.composition import compose
from app.reports.document import Document, as_snapshot, snapshot_hash
from app.reports.editions import Line, Stored
from app.reports.gathering import gather
from app.reports.rebuttals import Said
from app.results.keurmerk_page import Sentence
from app.results.screening.answers import open_answers

STALE = N_("De gegevens zijn veranderd sinds dit concept. Maak het opnieuw, en kijk het dan na.")
UNREAD = N_("Er zijn nog open antwoorden die niemand las. Lees ze eerst, en kijk daarna het rapport na.")
_wave = Wave.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Standing:
    """One provider, the version that is shown, and everything around it."""

    line: Line
    shown: Stored | None
    document: Document | None
    versions: tuple[Stored, ...]
    n_unread: int  # open answers that nobody screened
    is_stale: bool  # the data say something else by now; only asked of drafts
    thread: tuple[Said, ...]
    last_day: date | None  # to react

    @property
    def is_newest(self) -> bool:
        return self.shown is not None and self.line.report == self.shown


def standing(connection: Connection, wave: str, provider: str, version: int | None = None) -> Standing:
    """How it stands with the report of a provider; of its newest version, or of an older one.

    Raises:
        NotFound: when there is no such wave, provider or version.
    """
    line = editions.one_line(connection, wave, provider)
    shown = line.report
    if version is not None:
        shown = editions.one_version(connection, line.participation_id, version)
    document = editions.document_of(connection, shown.id) if shown else None
    is_draft = shown is not None and shown.state == "draft"
    return Standing(
        line=line,
        shown=shown,
        document=document,
        versions=tuple(editions.versions_of(connection, line.participation_id)),
        n_unread=n_unread(connection, wave, provider),
        is_stale=bool(shown and document and is_draft and _is_stale(connection, wave, provider, shown, document)),
        thread=tuple(rebuttals.thread(connection, shown.id)) if shown else (),
        last_day=rebuttals.last_day(shown) if shown else None,
    )


def n_unread(connection: Connection, wave: str, provider: str) -> int:
    """How many open answers of a provider nobody screened yet."""
    return sum(one.state == "waiting" for one in open_answers(connection, wave, provider))


def _is_stale(connection: Connection, wave: str, provider: str, shown: Stored, document: Document) -> bool:
    """Whether the same report made now would say something else; its date aside."""
    fresh = compose(gather(connection, wave, provider, made_on=document.made_on))
    return snapshot_hash(as_snapshot(fresh)) != shown.hash


def check_reviewable(found: Standing) -> None:
    """Before a draft is called right.

    Raises:
        Conflict: while open answers are unread, or when the data changed since the draft.
    """
    if found.n_unread:
        raise Conflict(UNREAD)
    if found.is_stale:
        raise Conflict(STALE)


def effects(connection: Connection, wave: str, shown: Stored) -> list[Sentence]:
    """What publishing will do, for who is about to."""
    last = long_date(today() + timedelta(days=REBUTTAL_DAYS))
    sentences = [
        Sentence(N_("Versie %(n)s wordt definitief. Daarna verandert het rapport niet meer."),
                 {"n": shown.version}),
        Sentence(N_("De dienstverlener kan tot en met %(day)s reageren."), {"day": last}),
        Sentence(N_("Klopt er later iets niet? Dan maakt u een verbeterde versie, met uitleg.")),
    ]  # fmt: skip
    if shown.version > 1:
        before = {"n": shown.version - 1}
        sentences.append(Sentence(N_("Versie %(n)s blijft bewaard, maar geldt niet meer."), before))
    wave_id = find_wave(connection, wave).id
    closes_on: date | None = connection.scalar(sa.select(_wave.c.fieldwork_ends_on).where(_wave.c.id == wave_id))
    if closes_on is None:
        sentences.append(Sentence(N_("Let op: het veldwerk heeft geen einddatum. Wat nog binnenkomt, telt niet mee.")))
    elif closes_on >= today():
        open_until = {"day": long_date(closes_on)}
        message = N_("Let op: het veldwerk loopt nog tot en met %(day)s. Wat nog binnenkomt, telt niet mee.")
        sentences.append(Sentence(message, open_until))
    return sentences
