"""The figures of a provider in a wave beside those of all providers, in sections, as far as they may be told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from sqlalchemy.engine import Connection

from app.definition.load import Definition
from app.definition.piping import pipe
from app.errors import NotFound
from app.fieldwork.rules import INBURGERING
from app.fieldwork.waves import KnownWave, find_participation, find_provider, find_wave
from app.questions.question import N_
from app.results.disclosure.pieces import Pieces, pieces_of
from app.results.figures.benchmark import Benchmark
from app.results.figures.counts import Counts, Filter, Values, added, counts_of, versions_used
from app.results.figures.figure import Section, SectionGroup
from app.results.figures.kinds import TOTAL, TOTAL_ARBEID, Source, figures_of
from app.results.figures.overlap import kind_of, overlapping_kinds
from app.results.figures.questions import Asked, asked_questions
from app.results.figures.refresh import counted_up
from app.results.tallies import Tallies, Tally, of_participation

TITLES: Mapping[SectionGroup, str] = {
    "clients": N_("Cliënten"),
    "inburgering": N_("Inburgering"),
    "commissioners": N_("Opdrachtgevers"),
}
ANY_PROVIDER = N_("de dienstverlener")
ANY_SERVICE = N_("de dienst")


@dataclass(frozen=True)
class Counted:
    """Everything that was counted for one provider (None = all of them) and for the benchmark, by group."""

    wave: KnownWave
    participation_id: int | None
    provider_name: str
    versions: Mapping[SectionGroup, list[Definition]]
    own: Mapping[SectionGroup, Counts]
    benchmark: Benchmark
    tallies: Tallies  # of one provider: who could have answered
    barred: frozenset[str]  # kinds of case that an earlier wave told nearly the same people of


def sections_of(
    connection: Connection,
    wave: str,
    provider: str | None,
    *,
    service: int | None = None,
    wording: str | None = None,
    mode: str | None = None,
    language: str | None = None,
) -> list[Section]:
    """The figures of a provider in a wave, or with None of all providers together; sections without figures left out.

    What changed since the last count is counted first.

    Raises:
        NotFound: when there is no such wave or provider, or the provider takes no part in the wave.
    """
    wanted = Filter(service, wording, mode, language)
    known, participation_id, name = whose(connection, wave, provider)
    with counted_up(connection, known.id, participation_id) as fresh:
        counted = read_counts(fresh, known, participation_id, name, is_fine=wanted.looks_beyond_services)
        return [section for group in TITLES if (section := section_of(counted, group, wanted)) is not None]


def whose(connection: Connection, wave: str, provider: str | None) -> tuple[KnownWave, int | None, str]:
    """The wave, and the participation with the provider's name; None and a word for any provider.

    Raises:
        NotFound: when there is no such wave or provider, or the provider takes no part in the wave.
    """
    known = find_wave(connection, wave)
    if provider is None:
        return known, None, ANY_PROVIDER
    who = find_provider(connection, provider)
    participation_id = find_participation(connection, known.id, who.id)
    if participation_id is None:
        raise NotFound(f"«{who.slug}» takes no part in wave «{known.label}» yet; import a delivery for it first")
    return known, participation_id, who.name


def read_counts(
    connection: Connection, wave: KnownWave, participation_id: int | None, name: str, *, is_fine: bool
) -> Counted:
    """Reads what was counted, at one moment."""
    versions = versions_used(connection, wave.id)
    theirs = counts_of(connection, versions, wave_id=wave.id, participation_id=None, is_fine=is_fine)
    own = theirs
    if participation_id is not None:
        own = counts_of(connection, versions, wave_id=wave.id, participation_id=participation_id, is_fine=is_fine)
    benchmark = Benchmark(connection, wave.id, wave.rules.min_n, versions, theirs)
    tallies = Tallies() if participation_id is None else of_participation(connection, participation_id, ())
    barred: frozenset[str] = frozenset()
    if participation_id is not None and wave.rules.min_n > 1:
        barred = overlapping_kinds(connection, participation_id, wave.rules.min_n)
    return Counted(wave, participation_id, name, versions, own, benchmark, tallies, barred)


def section_of(counted: Counted, group: SectionGroup, wanted: Filter) -> Section | None:
    """The figures of one group; None when there are none."""
    if group not in counted.own or group not in counted.versions:
        return None
    source = source_of(counted, group, wanted)
    figures = [
        replace(figure, group=group)
        for asked in asked_questions(counted.versions[group])
        for figure in figures_of(_piped(asked, counted, wanted), source)
    ]
    return Section(group, TITLES[group], tuple(figures)) if figures else None


def source_of(counted: Counted, group: SectionGroup, wanted: Filter) -> Source:
    """Where the figures of one group get their numbers."""
    own, rules, is_everybody = counted.own[group], counted.wave.rules, counted.participation_id is None

    @cache
    def values(code: str, selection: Filter) -> Values:
        return added(own.cells(code), selection)

    @cache
    def benchmark(code: str, selection: Filter) -> Values | None:
        return counted.benchmark.values(group, code, selection)

    @cache
    def pieces(code: str) -> Pieces:
        return pieces_of(own.cells(code), rules.min_n)

    def told(code: str, selection: Filter) -> Values | None:
        if is_everybody:
            return benchmark(code, selection)
        is_told = kind_of(group) not in counted.barred and pieces(code).tells(selection)
        return values(code, selection) if is_told else None

    def nothing(code: str, selection: Filter) -> Values | None:
        return None

    present = {cell.service for cells in own.by_code.values() for cell in cells}
    services = {code: name for code, name in sorted(rules.services.items()) if code in present}
    is_part = group == "clients" and "inburgering" in counted.own
    total = TOTAL_ARBEID if is_part else TOTAL
    compared = nothing if is_everybody else benchmark
    return Source(values, told, compared, wanted, rules.min_n, services, total, _response(counted, group, wanted))


def _response(counted: Counted, group: SectionGroup, wanted: Filter) -> Fraction | None:
    """Which share of a group answered at all: who answered is not uncertain any more."""
    if group == "commissioners":
        tally = counted.tallies.commissioners
    else:
        is_school = group == "inburgering"
        mine = {code: one for code, one in counted.tallies.clients.items() if (code == INBURGERING) == is_school}
        tally = sum((one for code, one in mine.items() if wanted.service in (None, code)), Tally())
    return Fraction(tally.n_completed, tally.n_net) if tally.n_completed else None


def _piped(asked: Asked, counted: Counted, wanted: Filter) -> Asked:
    """The question as it was asked, with the names that everybody saw in it."""
    service = counted.wave.rules.services.get(wanted.service or 0, ANY_SERVICE)
    values = {"provider": counted.provider_name, "service": service}
    options = tuple((code, str(pipe(words, values))) for code, words in asked.options)
    return replace(asked, text=str(pipe(asked.text, values)), options=options)
