"""Whether the catalogues know every text of a questionnaire, and how far each language is.

A questionnaire that no catalogue names is in Dutch only, which is no fault.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.definition.load import MESSAGES, Definition, in_order
from app.definition.passages import Passage, passages
from app.definition.translations import (
    Coverage,
    coverage,
    messages_to_translate,
    texts_to_translate,
    translated_wording,
)
from app.definition.yaml_source import Fault
from app.language import Catalogue


def is_translated(definition: Definition, catalogues: Iterable[Catalogue]) -> bool:
    """Whether the catalogues hold texts of this questionnaire."""
    here = f"questionnaires/{definition.name}/"
    return any(here in entry.places for catalogue in catalogues for entry in catalogue.entries.values())


def translation_faults(definition: Definition, catalogues: Mapping[str, Catalogue]) -> list[Fault]:
    """A fault for every text that stands in the questionnaire and not in a catalogue: it changed, or is new."""
    return in_order(_faults(definition, catalogues))


def _faults(definition: Definition, catalogues: Mapping[str, Catalogue]) -> Iterator[Fault]:
    wording = translated_wording(definition)
    if wording is None or not is_translated(definition, catalogues.values()):
        return
    for passage in passages(definition.wordings[wording]):
        if passage.kind != "interviewer" and (lacking := _lacking(passage, catalogues)):
            yield definition.fault(passage.path, lacking, wording)
    for passage in messages_to_translate(definition):
        if lacking := _lacking(passage, catalogues):
            yield definition.sources[MESSAGES].fault(passage.path, lacking)


def _lacking(passage: Passage, catalogues: Mapping[str, Catalogue]) -> str:
    languages = [language for language, catalogue in catalogues.items() if passage.text not in catalogue.entries]
    if not languages:
        return ""
    return (
        f"this text is new or changed, and the catalogues ({', '.join(languages)}) do not know it; run: make catalogue"
    )


def coverage_table(
    definitions: Sequence[Definition],
    questionnaires: Mapping[str, Catalogue],
    interfaces: Mapping[str, Catalogue],
    respondent_texts: Iterable[str],
) -> str:
    """Per language how many texts are translated; empty when no questionnaire is."""
    shown = [one for one in definitions if translated_wording(one) and is_translated(one, questionnaires.values())]
    if not shown:
        return ""
    texts = {one.name: texts_to_translate(one.wordings[translated_wording(one) or ""]) for one in shown}
    messages = {passage.text for one in shown for passage in messages_to_translate(one)}
    pages = tuple(respondent_texts)
    rows = [("translated", "pages", *texts, "messages", "offered")]
    for language, catalogue in questionnaires.items():
        of_pages = coverage(pages, interfaces[language].translations)
        per_questionnaire = [coverage(asked, catalogue.translations) for asked in texts.values()]
        of_messages = coverage(messages, catalogue.translations)
        counts = [_count(one) for one in (of_pages, *per_questionnaire, of_messages)]
        rows.append((language, *counts, _offered([_plus(of_pages, one) for one in per_questionnaire])))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _count(one: Coverage) -> str:
    """`120 of 120`, and what of that is drafted: nothing, all or some."""
    n_done = one.n_reviewed + one.n_drafted
    drafted = "" if not one.n_drafted else " drafted" if not one.n_reviewed else f", {one.n_drafted} drafted"
    return f"{n_done} of {one.n_texts}{drafted}"


def _plus(one: Coverage, other: Coverage) -> Coverage:
    pairs = zip(vars(one).values(), vars(other).values(), strict=True)
    return Coverage(*(a + b for a, b in pairs))


def _offered(per_questionnaire: list[Coverage]) -> str:
    """Whether respondents can choose the language: in every wave, where drafts are allowed, or not."""
    found = {
        "yes" if one.is_complete(with_drafts=False) else "with drafts" if one.is_complete(with_drafts=True) else "no"
        for one in per_questionnaire
    }
    return found.pop() if len(found) == 1 else "differs per questionnaire"
