"""The measures of every text as a table, for authors who ask for it: `peilwijs check --language-level`."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

from app.definition.checks_language_measures import measured
from app.definition.load import Definition, load_parts, read_folder
from app.definition.passages import passages
from app.definition.yaml_source import Faulty

HEADER = ("place", "kind", "sentences", "words", "longest", "letters/word", "syllables/word", "flesch-douma", "text")
_N_SHOWN = 60


def language_table(folders: Iterable[Path]) -> str:
    """A line per text: where it stands, what was counted and how it begins.

    A text without words is left out, and so is a questionnaire that cannot be read: the check tells its faults.
    """
    rows = [HEADER, *(row for definition in _readable(folders) for row in _rows(definition))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER) - 1)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=False))
        )
        + f"  {row[-1]}"
        for row in rows
    )


def _readable(folders: Iterable[Path]) -> Iterator[Definition]:
    for folder in folders:
        try:
            definition, _ = load_parts(read_folder(folder), str(folder))
        except Faulty:
            continue
        if definition is not None:
            yield definition


def _rows(definition: Definition) -> Iterator[tuple[str, ...]]:
    for wording, questionnaire in definition.wordings.items():
        for passage in passages(questionnaire):
            counted = measured(passage.text)
            if not counted.n_words:
                continue
            place = definition.fault(passage.path, "", wording)
            yield (
                f"{place.file}:{place.line}",
                passage.kind,
                str(counted.n_sentences),
                str(counted.n_words),
                str(counted.n_words_of_longest_sentence),
                _one_decimal(Fraction(counted.n_letters, counted.n_words)),
                _one_decimal(Fraction(counted.n_syllables, counted.n_words)),
                str(round(counted.flesch_douma)),
                passage.text if len(passage.text) <= _N_SHOWN else f"{passage.text[:_N_SHOWN]}…",
            )


def _one_decimal(number: Fraction) -> str:
    tenths = round(number * 10)
    return f"{tenths // 10}.{tenths % 10}"
