"""The columns of a delivery, found by header name: order, case and accents do not matter."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.fieldwork.delivery.reasons import Unreadable, shown
from app.questions.question import N_

# In the order in which faults are listed.
COLUMNS = (
    "soort", "klantnummer", "aanhef", "voorletters", "tussenvoegsel", "achternaam", "email", "telefoon", "telefoon2",
    "straat", "huisnummer", "toevoeging", "postcode", "plaats", "dienst", "einddatum", "leerprofiel", "vragenlijst",
    "taal", "telefonisch", "zelfmelder", "organisatie", "functie",
)  # fmt: skip
ORDER = {name: place for place, name in enumerate(COLUMNS)}
OUR_COLUMNS = ("oordeel", "uitleg")  # of the marked file; it may come back with them
ADDRESS = ("straat", "huisnummer", "postcode", "plaats")
MAX_COLUMNS = 500


@dataclass(frozen=True)
class Columns:
    """Where the known columns stand in a file, and which other columns it has."""

    header: tuple[str, ...]
    positions: dict[str, int]
    unknown: tuple[str, ...]

    @property
    def n_cells(self) -> int:
        return len(self.header)


def plain_name(text: str) -> str:
    """A header name as it is compared: `E-mail ` → `email`, `Huisnúmmer` → `huisnummer`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]", "", decomposed)


def n_known(header: Sequence[str]) -> int:
    """How many cells of a row are names of columns we know."""
    return sum(plain_name(name) in ORDER for name in header)


def read_header(cells: Sequence[str]) -> Columns:
    """The columns that the first row of a file names.

    Raises:
        Unreadable: when the first row holds no column names, too many, or one twice.
    """
    header = tuple(" ".join(cell.split()) for cell in cells)
    while header and not header[-1]:
        header = header[:-1]
    if len(header) > MAX_COLUMNS:
        raise Unreadable(
            N_("De eerste regel heeft %(n)s kolommen; verwijder de kolommen die wij niet vragen."), n=len(header)
        )
    if not n_known(header):
        raise Unreadable(
            N_("De eerste regel heeft geen kolomnamen die wij kennen; zet daar namen als %(names)s."),
            names="klantnummer, achternaam, email, dienst, einddatum",
        )
    positions: dict[str, int] = {}
    for place, name in enumerate(header):
        known = plain_name(name)
        if known in positions:
            raise Unreadable(
                N_("De kolom «%(name)s» staat twee keer in het bestand; verwijder er één."), name=shown(name)
            )
        if known in ORDER:
            positions[known] = place
    unknown = tuple(shown(name) for name in header if name and plain_name(name) not in (*COLUMNS, *OUR_COLUMNS))
    return Columns(header, positions, unknown)
