"""The command `rates`."""

from enum import StrEnum
from typing import Annotated

import typer

from app.console import refusing, result
from app.database import reading
from app.results.final_dispositions import final_codes
from app.results.rates_formats import as_data, as_json, as_text
from app.schema import ensure_migrated


class RatesFormat(StrEnum):
    table = "table"
    json = "json"


def rates(
    wave: Annotated[str, typer.Option(help="Label of the wave.")],
    provider: Annotated[str | None, typer.Option(help="Only this provider (its slug).")] = None,
    file_format: Annotated[RatesFormat, typer.Option("--format", help="For people or scripts.")] = RatesFormat.table,
) -> None:
    """Print the outcome rates of AAPOR (RR1-6, COOP1-4, REF1-3, CON1-3) and how many cases ended how."""
    with refusing():
        ensure_migrated()
        with reading() as connection:
            codes = final_codes(connection, wave, provider)
    if file_format is RatesFormat.json:
        result(as_json(as_data(wave, provider, codes)))
    else:
        result(as_text(wave, provider, codes))
