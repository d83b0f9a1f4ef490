"""The delivered file given back as XLSX: faulty cells marked, every verdict explained, nothing that calculates."""

from pathlib import Path
from typing import Any

import xlsxwriter

from app.fieldwork.delivery.cells import is_bsn, masked
from app.fieldwork.delivery.check import ACCEPTED, DUPLICATE, REJECTED, SELF_REPORTER, Verdict
from app.fieldwork.delivery.columns import OUR_COLUMNS, plain_name
from app.fieldwork.delivery.preview import STEP, Advance, Preview, stand_still
from app.language import SOURCE_LANGUAGE, catalogue
from app.questions.question import N_

VERDICT_NAMES = {
    ACCEPTED: N_("akkoord"),
    REJECTED: N_("afgekeurd"),
    DUPLICATE: N_("dubbel"),
    SELF_REPORTER: N_("zelfmelder"),
}
FILLS = {REJECTED: "#F8CBAD", DUPLICATE: "#FFE699", SELF_REPORTER: "#DDEBF7"}
MAX_CELL = 32_767  # of Excel
MAX_NOTES = 5_000  # a workbook keeps them all in memory; the last column explains every row anyway
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write_marked(preview: Preview, path: Path, language: str = SOURCE_LANGUAGE, advance: Advance = stand_still) -> None:
    """Writes every record on the row it had. All cells are text; a burgerservicenummer is not repeated."""
    with xlsxwriter.Workbook(str(path), OPTIONS) as workbook:
        _Sheet(workbook, preview, language).write(advance)


class _Sheet:
    """The one sheet of the workbook."""

    def __init__(self, workbook: Any, preview: Preview, language: str) -> None:
        self.preview = preview
        self.language = language
        self.columns = preview.file.columns
        translate = catalogue(language).gettext
        self.verdict_names = {verdict: translate(name) for verdict, name in VERDICT_NAMES.items()}
        self.kept = [place for place, name in enumerate(self.columns.header) if plain_name(name) not in OUR_COLUMNS]
        self.target = {place: number for number, place in enumerate(self.kept)}
        self.sheet = workbook.add_worksheet()
        self.bold = workbook.add_format({"bold": True})
        self.fills = {verdict: workbook.add_format({"bg_color": color}) for verdict, color in FILLS.items()}
        self.n_notes = 0

    def write(self, advance: Advance) -> None:
        self.sheet.freeze_panes(1, 0)
        for number, name in enumerate([*(self.columns.header[place] for place in self.kept), *OUR_COLUMNS]):
            self.sheet.write_string(0, number, name[:MAX_CELL], self.bold)
        records = zip(self.preview.verdicts, self.preview.file.records(), strict=True)
        for n_done, (verdict, (_, cells)) in enumerate(records, 1):
            self._record(verdict, cells)
            if n_done % STEP == 0:
                advance(STEP)

    def _record(self, verdict: Verdict, cells: list[str]) -> None:
        fill = self.fills.get(verdict.verdict)
        faulty = {self.columns.positions[name] for name in verdict.columns if name in self.columns.positions}
        for place, number in self.target.items():
            text = cells[place] if place < len(cells) else ""
            mark = fill if place in faulty else None
            if text:
                text = masked(text.strip()) if is_bsn(text.strip()) and self._may_be_bsn(place) else text
                self.sheet.write_string(verdict.row - 1, number, text[:MAX_CELL], mark)
            elif mark:
                self.sheet.write_blank(verdict.row - 1, number, None, mark)
        reasons = " ".join(reason.text(self.language) for reason in verdict.reasons)
        self.sheet.write_string(verdict.row - 1, len(self.kept), self.verdict_names[verdict.verdict], fill)
        if reasons:
            self.sheet.write_string(verdict.row - 1, len(self.kept) + 1, reasons[:MAX_CELL])
        self._notes(verdict)

    def _may_be_bsn(self, place: int) -> bool:
        """Nine digits elsewhere are more likely a telephone number."""
        name = plain_name(self.columns.header[place])
        return name not in ("telefoon", "telefoon2")

    def _notes(self, verdict: Verdict) -> None:
        for reason in verdict.reasons:
            for name in reason.columns:
                place = self.target.get(self.columns.positions.get(name, -1))
                if place is not None and self.n_notes < MAX_NOTES:
                    self.sheet.write_comment(verdict.row - 1, place, reason.text(self.language))
                    self.n_notes += 1
