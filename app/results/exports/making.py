"""The background task that makes an export."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from app.audit.log import record
from app.database import reading, writing
from app.results.exports import kept, table_files
from app.results.exports.interviews import Choice
from app.results.exports.kept import Kept
from app.results.responses.export import FileFormat, export_file
from app.tasks import Advance, background


@background(kept.MAKE)
def make(parameters: Mapping[str, Any], advance: Advance) -> dict[str, Any]:
    """Makes the file; a second time makes the same file again."""
    with reading() as connection:
        export = kept.find(connection, str(parameters["export"]))
    folder = export.path.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / "unfinished"
    n = _write(unfinished, export, advance)
    unfinished.chmod(0o600)
    unfinished.replace(export.path)
    return {"n": n, "n_bytes": export.path.stat().st_size}


def _write(path: Path, export: Kept, advance: Advance) -> int:
    asked = export.asked
    if asked.content == "responses":
        choice = Choice(asked.wave, asked.provider, asked.identity, asked.open_answers)
        return export_file(path, choice, cast(FileFormat, asked.format), actor=export.owner, advance=advance)
    with writing() as connection:
        about = {"provider": asked.provider, "format": asked.format}
        record(connection, export.owner, f"{asked.content}.exported", f"wave:{asked.wave}", **about)
    if asked.content == "keurmerk":
        return table_files.write_keurmerk(path, asked.format, asked.wave, asked.provider)
    if asked.content == "figures":
        return table_files.write_figures(path, asked.format, asked.wave, asked.provider, advance)
    return table_files.write_codebooks(path, asked.wave)
