"""The questions of a wave at the desk: every figure of one provider or of all, for the selection of the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from app.fieldwork.waves import find_provider, find_wave
from app.language import LANGUAGES, catalogue
from app.questions.question import N_
from app.results.drawing.block import Block, block_of
from app.results.drawing.draw import ALL_PROVIDERS
from app.results.figures.figure import Section
from app.results.figures.sections import sections_of
from app.results.keurmerk_page import Sentence

WORDINGS = {"regular": N_("Gewone teksten"), "low_threshold": N_("Eenvoudige teksten")}
MODES = {"web": N_("Zelf ingevuld"), "phone": N_("Telefonisch")}
COUNTED = {
    "grade": N_("Het gemiddelde is de som van de cijfers gedeeld door het aantal, afgerond op één decimaal."),
    "grade_distribution": N_("Percentages van wie een cijfer gaf, samen 100."),
    "choice": N_("Percentages van wie deze vraag beantwoordde, samen 100."),
    "choices": N_("Percentages van wie deze vraag beantwoordde. Iemand kon meer antwoorden geven."),
    "satisfaction": N_("Percentages van wie deze vraag beantwoordde, samen 100. Geen mening is ook een antwoord."),
    "counts": N_("De som van wat de opdrachtgevers opgaven."),
}


@dataclass(frozen=True)
class Choice:
    """One filter: its name in the address, its words, and what may be chosen."""

    name: str
    title: str
    chosen: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Group:
    """The figures of one section."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class QuestionsDesk:
    """What the page prints. Without `slug`, all providers of the wave together."""

    wave: str
    slug: str
    name: str
    state: Sentence
    choices: tuple[Choice, ...]
    is_narrowed: bool
    groups: tuple[Group, ...]
    min_n: int


def questions_desk(
    connection: Connection, wave: str, provider: str | None, asked: Mapping[str, str], language: str
) -> QuestionsDesk:
    """The figures as the address asks for them: `dienst`, `teksten`, `wijze`, `taal`; what is unknown counts not.

    Raises:
        NotFound: when there is no such wave or provider, or the provider takes no part in the wave.
    """
    known = find_wave(connection, wave)
    choices = _choices(known.rules.services, asked)
    service, wording, mode, spoken = (choice.chosen or None for choice in choices)
    sections = sections_of(
        connection,
        wave,
        provider,
        service=int(service) if service else None,
        wording=wording,
        mode=mode,
        language=spoken,
    )
    name = find_provider(connection, provider).name if provider else ""
    groups = _groups(sections, name or catalogue(language).gettext(ALL_PROVIDERS), language)
    return QuestionsDesk(
        wave=known.label,
        slug=provider or "",
        name=name,
        state=_state(sum(len(group.blocks) for group in groups)),
        choices=choices,
        is_narrowed=any(choice.chosen for choice in choices),
        groups=groups,
        min_n=known.rules.min_n,
    )


def _groups(sections: Sequence[Section], name: str, language: str) -> tuple[Group, ...]:
    """The sections drawn; a question may be in several, so the section and the place make its drawing's name."""
    return tuple(
        Group(
            section.group,
            section.title,
            tuple(
                block_of(figure, language, name=f"-{section.group}-{place}", provider=name)
                for place, figure in enumerate(section.figures)
            ),
        )
        for section in sections
    )


def _choices(services: Mapping[int, str], asked: Mapping[str, str]) -> tuple[Choice, ...]:
    possible: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("dienst", N_("Dienst"), [(str(code), f"{code} {name}") for code, name in sorted(services.items())]),
        ("teksten", N_("Teksten"), list(WORDINGS.items())),
        ("wijze", N_("Wijze"), list(MODES.items())),
        ("taal", N_("Taal"), list(LANGUAGES.items())),
    ]
    return tuple(
        Choice(name, title, code if (code := asked.get(name, "")) in dict(options) else "", tuple(options))
        for name, title, options in possible
    )


def _state(n_figures: int) -> Sentence:
    if not n_figures:
        return Sentence(N_("nog geen antwoorden"))
    if n_figures == 1:
        return Sentence(N_("1 figuur"))
    return Sentence(N_("%(n)s figuren"), {"n": n_figures})
