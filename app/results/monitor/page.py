"""The fieldwork monitor as its pages show it: lines in order, words chosen, figures printed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.fieldwork.rules import Band, WaveRules
from app.language import one_decimal
from app.questions.question import N_
from app.results.monitor.counts import CHANNELS, Counts
from app.results.monitor.overview import Monitor, OfProvider
from app.results.publication import band_for, n_still_needed

# words and what they do to the count: start, off (taken away), on (added), sum, reach (this far or further)
START, OFF, ON, SUM, REACH = "start", "off", "on", "sum", "reach"
REACHED: Sequence[tuple[str, str]] = (
    ("n_invited", N_("Uitgenodigd")),
    ("n_opened", N_("Geopend")),
    ("n_started", N_("Begonnen")),
    ("n_finished", N_("Afgerond")),
    ("n_usable", N_("Bruikbaar")),
)
LEFT_OUT: Sequence[tuple[str, str]] = (
    ("n_not_sampled", N_("Niet in de steekproef, blijft reserve")),
    ("n_undeliverable", N_("Niet te bereiken: geen adres werkt")),
    ("n_quota_filled", N_("Niet nodig: genoeg telefonische gesprekken")),
    ("n_self_reporter", N_("Zelfmelder: vult de vragenlijst voor cliënten in")),
)
REFUSED_ROWS: Sequence[tuple[str, str]] = (
    ("n_rejected", N_("Afgekeurd")),
    ("n_duplicate", N_("Dubbel")),
    ("n_self_reporter", N_("Zelfmelder in het bestand")),
    ("n_updated", N_("Al bekend: gegevens bijgewerkt")),
)
CHANNEL_WORDS = {
    "email": N_("E-mail"),
    "letter": N_("Brief"),
    "both": N_("E-mail en brief"),
    "phone": N_("Telefoon"),
    "none": N_("Nog niets gestuurd"),
}
MODE_WORDS = {
    "web": N_("Zelf, op internet"),
    "phone": N_("Met een interviewer, per telefoon"),
    "paper": N_("Op papier"),
}


@dataclass(frozen=True)
class FunnelLine:
    """A line from the rows of the files down to usable interviews. None where it cannot be told apart."""

    words: str
    does: str
    total: int
    clients: int | None = None
    commissioners: int | None = None
    pct_of_net: str = ""


@dataclass(frozen=True)
class ProviderLine:
    """The clients of one provider against its norm. `n_needed`: None = the norm cannot be met any more."""

    slug: str
    name: str
    clients: Counts
    response: Fraction
    response_pct: str
    norm_pct: str
    n_needed: int | None


@dataclass(frozen=True)
class NormLine:
    """One target group of a provider against its norm."""

    words: str
    counts: Counts
    response_pct: str
    norm_pct: str
    n_needed: int | None


@dataclass(frozen=True)
class SplitLine:
    """One value of a property, with how far its cases are."""

    words: str
    counts: Counts
    response_pct: str


# what the table of providers can be sorted by: the word in the address, and the value of a line
SORTED_BY: Mapping[str, Callable[[ProviderLine], Any]] = {
    "naam": lambda line: line.name.casefold(),
    "netto": lambda line: line.clients.n_net,
    "uitgenodigd": lambda line: line.clients.n_invited,
    "geopend": lambda line: line.clients.n_opened,
    "begonnen": lambda line: line.clients.n_started,
    "afgerond": lambda line: line.clients.n_finished,
    "bruikbaar": lambda line: line.clients.n_usable,
    "respons": lambda line: line.response,
    "nodig": lambda line: (line.n_needed is None, line.n_needed or 0),
}


def funnel(found: Monitor) -> list[FunnelLine]:
    """From every delivered row to usable interviews; each sum is what stands above it."""
    delivered, all_cases = found.delivered, found.all
    lines = [FunnelLine(N_("Regels in de bestanden (bruto)"), START, delivered.n_rows)]
    lines += [FunnelLine(words, OFF, getattr(delivered, name)) for name, words in REFUSED_ROWS]
    if found.n_undelivered:
        lines.append(FunnelLine(N_("Zonder aanlevering, uit een bestand met antwoorden"), ON, found.n_undelivered))

    def line(name: str, words: str, does: str) -> FunnelLine:
        n = getattr(all_cases, name)
        pct = _pct(n, all_cases.n_net) if does == REACH and all_cases.n_net else ""
        return FunnelLine(words, does, n, getattr(found.clients, name), getattr(found.commissioners, name), pct)

    lines.append(line("n_cases", N_("Personen"), SUM))
    lines += [line(name, words, OFF) for name, words in LEFT_OUT]
    lines.append(line("n_net", N_("Netto steekproef"), SUM))
    return lines + [line(name, words, REACH) for name, words in REACHED]


def bars(lines: Sequence[FunnelLine]) -> list[tuple[FunnelLine, float]]:
    """The lines that the funnel draws, each with its length as a share (0–1) of the longest."""
    drawn = [line for line in lines if line.does in (START, SUM, REACH)]
    longest = max(line.total for line in drawn) or 1
    return [(line, line.total / longest) for line in drawn]


def response_pct(found: Monitor) -> str:
    """The response of clients, which is what norms are about."""
    return _pct(found.clients.n_usable, found.clients.n_net)


def provider_lines(found: Monitor, sort: str) -> list[ProviderLine]:
    """The providers in the order that is asked for; a minus sign in front turns it round."""
    rules = found.wave.rules
    lines = [_provider_line(one, rules) for one in found.providers]
    by = SORTED_BY.get(sort.removeprefix("-"), SORTED_BY["naam"])
    return sorted(lines, key=by, reverse=sort.startswith("-"))


def _provider_line(one: OfProvider, rules: WaveRules) -> ProviderLine:
    counts, bands = one.clients, rules.response_norm.clients
    response = Fraction(100 * counts.n_usable, counts.n_net) if counts.n_net else Fraction(0)
    needed = n_still_needed(bands, counts.tally, inclusive=rules.inclusive)
    return ProviderLine(one.slug, one.name, counts, response, one_decimal(response), _norm(bands, counts), needed)


def norm_lines(found: Monitor) -> list[NormLine]:
    """Clients and commissioners of one provider, each against their own norm."""
    rules = found.wave.rules
    groups = [(N_("Cliënten"), found.clients, rules.response_norm.clients)]
    if found.commissioners.n_cases:
        groups.append((N_("Opdrachtgevers"), found.commissioners, rules.response_norm.commissioners))
    return [
        NormLine(
            words, counts, _pct(counts.n_usable, counts.n_net), _norm(bands, counts),
            n_still_needed(bands, counts.tally, inclusive=rules.inclusive),
        )
        for words, counts, bands in groups
    ]  # fmt: skip


def _norm(bands: Sequence[Band], counts: Counts) -> str:
    return one_decimal(band_for(bands, counts.n_net).min_pct).removesuffix(",0")


def _pct(part: int, whole: int) -> str:
    return one_decimal(Fraction(100 * part, whole) if whole else 0)


def channel_lines(found: Monitor) -> list[SplitLine]:
    return [_split_line(CHANNEL_WORDS[one], found.channels[one]) for one in CHANNELS if one in found.channels]


def mode_lines(found: Monitor) -> list[SplitLine]:
    return [_split_line(words, found.modes[mode]) for mode, words in MODE_WORDS.items() if mode in found.modes]


def language_lines(found: Monitor, language: str) -> list[SplitLine]:
    """The languages that the cases were delivered with, the largest first."""
    from babel import Locale  # slow to load

    names = Locale.parse(language).languages
    ordered = sorted(found.languages.items(), key=lambda part: (-part[1].n_net, part[0]))
    return [_split_line(names.get(code, code), counts) for code, counts in ordered]


def _split_line(words: str, counts: Counts) -> SplitLine:
    return SplitLine(words, counts, _pct(counts.n_usable, counts.n_net))
