"""The command `report`."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import Connection

from app.console import refusing, say
from app.database import reading
from app.fieldwork.output_files import written
from app.reports import editions
from app.reports.composition import compose
from app.reports.document import Document, Edition
from app.reports.gathering import gather
from app.reports.html import report_html
from app.reports.pdf import report_pdf
from app.schema import ensure_migrated

FORMATS = (".pdf", ".html")


def report(
    provider: Annotated[str, typer.Option(help="The provider's slug.")],
    wave: Annotated[str, typer.Option(help="Label of the wave.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Write to this file, .pdf or .html.")],
    draft: Annotated[
        bool, typer.Option("--draft", help="A draft from the data of now, also of a final report.")
    ] = False,
) -> None:
    """Write the report of a provider: the final one as it was published, else a draft from the data of now."""
    if output.suffix.lower() not in FORMATS:
        raise typer.BadParameter("name a file that ends in .pdf or .html", param_hint="--output")
    with refusing():
        ensure_migrated()
        with reading() as connection:
            document, edition = _chosen(connection, wave, provider, is_draft=draft)
        is_pdf = output.suffix.lower() == ".pdf"
        content = report_pdf(document, edition) if is_pdf else report_html(document, edition).encode()
        with written(output) as path:
            path.write_bytes(content)
    kind = f"version {edition.version}, final" if edition.is_final else "a draft from the data of now"
    say(f"Report written to {output}: {kind}.")


def _chosen(connection: Connection, wave: str, provider: str, *, is_draft: bool) -> tuple[Document, Edition]:
    """The newest final version as it was published, else a draft from the data."""
    line = editions.one_line(connection, wave, provider)
    versions = editions.versions_of(connection, line.participation_id)
    final = next((one for one in versions if one.state == "final"), None)
    if final is not None and not is_draft:
        return editions.document_of(connection, final.id), final.edition
    newest = versions[0] if versions else None
    is_next = newest is not None and newest.state == "final"
    number = 1 if newest is None else newest.version + 1 if is_next else newest.version
    return compose(gather(connection, wave, provider)), Edition(number)
