"""The keurmerk table for people (text), scripts (JSON) and spreadsheets (CSV, XLSX). Figures are never recomputed."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter

from app.fieldwork.delivery.formula_cells import guarded
from app.results.keurmerk import KeurmerkTable, Row
from app.results.verdict import Verdict, two_decimals

GROUPS = {"clients": "Cliënten", "commissioners": "Opdrachtgevers"}
HEADERS = ("Netto steekproef", "Ingevuld", "Respons (%)", "Rapportcijfer", "Publicatie")
SHEET_HEADERS = ("Dienstverlener", "Meetperiode", "Groep", "Code", "Dienst", *HEADERS)
OUTCOMES = {
    "met": "norm gehaald",
    "met_after_correction": "norm gehaald na correctie",
    "not_met": "norm niet gehaald",
    "no_judgement": "geen oordeel",
}


def expansion(value: Fraction | None) -> str | None:
    """The decimal expansion: exact where it ends, otherwise 28 significant digits."""
    if value is None:
        return None
    return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():f}"


def as_data(table: KeurmerkTable) -> dict[str, Any]:
    """The machine-readable form. A wave with several norm sets has all of them under `verdicts`."""
    judged = [_verdict(verdict) for verdict in table.verdicts]
    return {
        "provider": table.provider,
        "wave": table.wave,
        "rows": [
            {
                "group": row.group,
                "service": row.service,
                "label": row.label,
                "net_sample": row.net_sample,
                "completed": row.completed,
                "response_pct": row.response_pct,
                "grade": row.grade,
                "published": row.is_published,
            }
            for row in table.rows
        ],
        "promoter_score": table.promoter_score,
        "verdict": judged[0] if judged else None,
        **({"verdicts": judged} if len(judged) > 1 else {}),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    lots = [{"lot": lot.lot, "outcome": lot.outcome, "mean": expansion(lot.mean)} for lot in verdict.lots]
    return {
        "norm_set": verdict.norm_set,
        "outcome": verdict.outcome,
        "mean": expansion(verdict.mean),
        "corrected_mean": expansion(verdict.corrected_mean),
        **({"lots": lots} if lots else {}),
    }


def as_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def as_text(tables: Sequence[KeurmerkTable]) -> str:
    """Plain aligned text, one table under the other."""
    return "\n".join(_text(table) for table in tables)


def _text(table: KeurmerkTable) -> str:
    lines: list[tuple[str, ...]] = [("", *HEADERS)]
    for group, heading in GROUPS.items():
        if members := [row for row in table.rows if row.group == group]:
            lines += [(heading,), *((_label(row), *_cells(row)) for row in members)]
    widths = [max(len(line[column]) for line in lines if column < len(line)) for column in range(len(lines[0]))]
    printed = [f"Resultaten voor het keurmerk: {table.provider_name}, {table.wave}", ""]
    for label, *cells in lines:
        right = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=False))
        printed.append("  ".join((label.ljust(widths[0]), *right)).rstrip())
    printed.append("")
    if table.promoter_score is not None:
        printed.append(f"Actuele promotor score: {table.promoter_score}")
    printed += [_sentence(verdict) for verdict in table.verdicts]
    return "\n".join(printed) + "\n"


def _label(row: Row) -> str:
    return f"  {row.service} {row.label}" if row.service is not None else f"  {row.label}"


def _cells(row: Row) -> tuple[str, ...]:
    published = "ja" if row.is_published else "nee"
    return (str(row.net_sample), str(row.completed), row.response_pct, row.grade, published)


def _sentence(verdict: Verdict) -> str:
    figures = [f"gemiddelde {two_decimals(verdict.mean)}"] if verdict.mean is not None else []
    if verdict.corrected_mean is not None:
        figures.append(f"na correctie {two_decimals(verdict.corrected_mean)}")
    figures += [f"{lot.lot}: {OUTCOMES[lot.outcome]}" for lot in verdict.lots]
    return f"Oordeel ({verdict.norm_set}): {OUTCOMES[verdict.outcome]}" + (
        f" ({'; '.join(figures)})" if figures else ""
    )


def _sheet_rows(tables: Iterable[KeurmerkTable]) -> Iterator[tuple[str, ...]]:
    for table in tables:
        for row in table.rows:
            code = "" if row.service is None else str(row.service)
            yield (table.provider, table.wave, GROUPS[row.group], code, row.label, *_cells(row))


def as_csv(tables: Iterable[KeurmerkTable]) -> str:
    """Semicolons and decimal commas, as a Dutch spreadsheet expects."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(SHEET_HEADERS)
    writer.writerows([guarded(cell) for cell in row] for row in _sheet_rows(tables))
    return text.getvalue()


def write_xlsx(tables: Iterable[KeurmerkTable], path: Path) -> None:
    """One sheet; counts, percentages and grades are numbers, rounded as they are printed."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("Keurmerk")
        bold = book.add_format({"bold": True})
        one_place = book.add_format({"num_format": "0.0"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 3, 16)
        sheet.set_column(4, 4, 52)
        sheet.set_column(5, 9, 16)
        sheet.write_row(0, 0, SHEET_HEADERS, bold)
        for line, cells in enumerate(_sheet_rows(tables), start=1):
            for column, cell in enumerate(cells):
                header = SHEET_HEADERS[column]
                if header in ("Respons (%)", "Rapportcijfer"):
                    sheet.write_number(line, column, float(cell.replace(",", ".")), one_place)
                elif header in ("Code", "Netto steekproef", "Ingevuld") and cell:
                    sheet.write_number(line, column, int(cell))
                else:
                    sheet.write_string(line, column, cell)
    path.write_bytes(content.getvalue())
