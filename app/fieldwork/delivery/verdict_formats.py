"""Verdicts as JSON, as CSV and as a summary to read."""

import csv
import io
import json
from collections.abc import Iterable

from app.fieldwork.delivery.check import ACCEPTED, Verdict
from app.fieldwork.delivery.formula_cells import guarded
from app.fieldwork.delivery.preview import Preview
from app.fieldwork.delivery.reasons import Reason
from app.language import SOURCE_LANGUAGE

N_ROWS_SHOWN = 20
N_NUMBERS_SHOWN = 8


def as_json(preview: Preview, language: str = SOURCE_LANGUAGE) -> str:
    """Every row and the counts; scripts rely on this shape."""
    rows = [
        {
            "row": verdict.row,
            "verdict": verdict.verdict,
            "columns": list(verdict.columns),
            "reasons": [reason.text(language) for reason in verdict.reasons],
        }
        for verdict in preview.verdicts
    ]
    return json.dumps({"rows": rows, "counts": preview.counts}, ensure_ascii=False) + "\n"


def as_csv(preview: Preview, language: str = SOURCE_LANGUAGE) -> str:
    """One line per record: row, verdict, columns and reasons."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["row", "verdict", "columns", "reasons"])
    for verdict in preview.verdicts:
        reasons = " ".join(reason.text(language) for reason in verdict.reasons)
        writer.writerow([verdict.row, verdict.verdict, " ".join(verdict.columns), guarded(reasons)])
    return text.getvalue()


def as_text(preview: Preview, language: str = SOURCE_LANGUAGE) -> str:
    """The counts, the reasons from frequent to rare, and the first rows that were not accepted."""
    ground = preview.ground
    place = f"{ground.provider.slug}, wave {ground.wave.label}"
    lines = [
        f"{preview.file.path.name} for {place}: {len(preview.verdicts)} records",
        *(f"{n_rows:>9}  {verdict}" for verdict, n_rows in preview.counts.items()),
    ]
    if preview.n_updated:
        lines.append(f"{preview.n_updated:>9}  of the accepted renew the contact data of a case that is known")
    if ground.same_file_at:
        lines.append(f"This file was stored before, on {ground.same_file_at:%Y-%m-%d}; importing it changes nothing.")
    lines += [note.text(language) for note in preview.file.notes]
    refused = [verdict for verdict in preview.verdicts if verdict.verdict != ACCEPTED]
    if refused:
        lines += ["", "Reasons", *_reasons(refused, language), "", "Rows", *_rows(refused[:N_ROWS_SHOWN], language)]
    if len(refused) > N_ROWS_SHOWN:
        lines.append(f"… and {len(refused) - N_ROWS_SHOWN} more; --format csv, json or xlsx gives all")
    return "\n".join(lines) + "\n"


def _reasons(verdicts: Iterable[Verdict], language: str) -> Iterable[str]:
    """Every kind of reason once, with its rows."""
    found: dict[tuple[tuple[str, ...], str], list[tuple[int, Reason]]] = {}
    for verdict in verdicts:
        for reason in verdict.reasons:
            found.setdefault((reason.columns, reason.message), []).append((verdict.row, reason))
    for (columns, _), rows in sorted(found.items(), key=lambda item: -len(item[1])):
        numbers = ", ".join(str(row) for row, _ in rows[:N_NUMBERS_SHOWN])
        numbers += ", …" if len(rows) > N_NUMBERS_SHOWN else ""
        text = _in_general([reason for _, reason in rows]).text(language)
        yield f"{len(rows):>9}  {' '.join(columns)}: {text} (rows {numbers})"


def _in_general(reasons: list[Reason]) -> Reason:
    """A reason of many rows: what differs between them is left open."""
    first = reasons[0]
    values = {
        name: value if all(reason.values[name] == value for reason in reasons) else "…"
        for name, value in first.values.items()
    }
    return Reason(first.columns, first.message, values)


def _rows(verdicts: Iterable[Verdict], language: str) -> Iterable[str]:
    for verdict in verdicts:
        reasons = " ".join(reason.text(language) for reason in verdict.reasons)
        yield f"{verdict.row:>9}  {verdict.verdict}  {' '.join(verdict.columns)}: {reasons}"
