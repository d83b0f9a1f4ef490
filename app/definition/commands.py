"""The commands `check`, `routes` and `codebook`."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.console import refuse, refusing, result, say
from app.definition import routing_formats
from app.definition.checks import check as all_faults
from app.definition.checks import checked_all, load_checked, questionnaire_folders
from app.definition.checks_language_table import language_table
from app.definition.checks_translations import coverage_table, translation_faults
from app.definition.codebook import Codebook
from app.definition.codebook import codebook as make_codebook
from app.definition.codebook_ddi import as_ddi
from app.definition.codebook_formats import as_html, as_json, as_xlsx
from app.definition.diagram import diagram
from app.definition.load import MESSAGES, REGULAR, load_folder
from app.definition.routing import prove
from app.definition.yaml_source import Faulty
from app.errors import NotFound
from app.language import LANGUAGES, SOURCE_LANGUAGE, Catalogue, catalogue, respondent_texts

QUESTIONNAIRES = Path(__file__).resolve().parents[2] / "questionnaires"
FOLDER_VARIABLE = "PEILWIJS_QUESTIONNAIRES_FOLDER"


class CodebookFormat(StrEnum):
    json = "json"
    html = "html"
    xlsx = "xlsx"
    ddi = "ddi"


_CODEBOOK_TEXTS: dict[CodebookFormat, Callable[[Codebook], str]] = {
    CodebookFormat.json: as_json,
    CodebookFormat.html: as_html,
    CodebookFormat.ddi: as_ddi,
}


class RoutesFormat(StrEnum):
    text = "text"
    json = "json"
    svg = "svg"


def check(
    folder: Annotated[
        Path, typer.Argument(envvar=FOLDER_VARIABLE, help="Folder with questionnaires, or of one questionnaire.")
    ] = QUESTIONNAIRES,
    language_level: Annotated[
        bool, typer.Option("--language-level", help="Print also how hard every text is to read, in every wording.")
    ] = False,
) -> None:
    """Check questionnaires: every fault with file, line and reason."""
    root = _short(folder)
    if language_level:
        result(language_table(questionnaire_folders(root)))
    checked = checked_all(root)
    catalogues = _catalogues("questionnaires")
    faults_by_name = {
        name: [*faults, *(translation_faults(definition, catalogues) if definition else ())]
        for name, (definition, faults) in checked.items()
    }
    if not faults_by_name:
        refuse(f"there are no questionnaires in {root}; name a folder whose folders hold a {REGULAR}")
    faults = [fault for of_one in faults_by_name.values() for fault in of_one]
    if faults:
        result("\n".join(map(str, faults)))
        n_faulty = sum(bool(of_one) for of_one in faults_by_name.values())
        refuse(f"{_count(len(faults), 'fault')} in {n_faulty} of {_count(len(faults_by_name), 'questionnaire')}.")
    for path in questionnaire_folders(root):
        if not (path / MESSAGES).is_file():
            say(f"{path.absolute().name} has no {MESSAGES}, so nobody can be invited to it by e-mail or letter.")
    definitions = [definition for definition, _ in checked.values() if definition]
    if table := coverage_table(definitions, catalogues, _catalogues("interface"), respondent_texts()):
        say(table)
    say(f"All good: {_count(len(faults_by_name), 'questionnaire')} ({', '.join(faults_by_name)}).")


def codebook(
    questionnaire: Annotated[str, typer.Argument(help="Name of the questionnaire: its folder.")],
    file_format: Annotated[
        CodebookFormat, typer.Option("--format", help="For scripts, people, spreadsheets, or a data archive (DDI 2.5).")
    ] = CodebookFormat.json,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    folder: Annotated[
        Path, typer.Option(envvar=FOLDER_VARIABLE, help="Folder with the questionnaires.")
    ] = QUESTIONNAIRES,
) -> None:
    """Print the codebook: variables, texts, codes, missing codes and who is asked."""
    if file_format is CodebookFormat.xlsx and output is None:
        raise typer.BadParameter("a workbook needs a file: add -o FILE.xlsx", param_hint="--output")
    with refusing():
        path = _found(_short(folder), questionnaire)
    try:
        book = make_codebook(load_checked(path))
    except Faulty as faulty:
        result(str(faulty))
        refuse(f"«{questionnaire}» fails its checks, so it has no codebook yet; mend the faults above.")
    content = as_xlsx(book) if file_format is CodebookFormat.xlsx else _CODEBOOK_TEXTS[file_format](book).encode()
    _deliver(content, output, _count(len(book.rows), "variable"))


def routes(
    questionnaire: Annotated[str, typer.Argument(help="Name of the questionnaire: its folder.")],
    wording: Annotated[str | None, typer.Option(help="regular or low_threshold; else all, in svg the regular.")] = None,
    service: Annotated[int | None, typer.Option(help="One service; else all that get the questionnaire.")] = None,
    file_format: Annotated[
        RoutesFormat, typer.Option("--format", help="For people, for tests, or a diagram.")
    ] = RoutesFormat.text,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    folder: Annotated[
        Path, typer.Option(envvar=FOLDER_VARIABLE, help="Folder with the questionnaires.")
    ] = QUESTIONNAIRES,
) -> None:
    """Prove that every question, option and block is reached, with the smallest answer set that does it."""
    with refusing():
        path = _found(_short(folder), questionnaire)
        try:
            definition = load_folder(path)
        except Faulty as faulty:
            say(str(faulty))
            refuse(f"«{questionnaire}» cannot be read, so nothing is proven; mend the faults above.")
        proof = prove(definition, wording, service)
    faults = all_faults(definition)
    if file_format is RoutesFormat.svg:
        content = diagram(definition, proof)
    elif file_format is RoutesFormat.json:
        content = routing_formats.as_json(definition, proof, faults)
    else:
        content = routing_formats.as_text(definition, proof)
    _deliver(content.encode(), output, _count(len(proof.findings), "finding"))
    if faults:
        say("\n".join(map(str, faults)))
        refuse(f"«{questionnaire}» fails its checks; mend the faults above.")


def _catalogues(name: str) -> dict[str, Catalogue]:
    """One of the catalogues in every language that is translated into."""
    return {language: catalogue(language, name) for language in LANGUAGES if language != SOURCE_LANGUAGE}


def _deliver(content: bytes, output: Path | None, what: str) -> None:
    """The result in a file, or on standard output."""
    if output is None:
        return result(content.decode())
    try:
        output.write_bytes(content)
    except OSError as error:
        refuse(f"{output} cannot be written ({error.strerror}); choose another place with -o")
    say(f"{what} written to {output}.")


def _found(root: Path, name: str) -> Path:
    folders = {path.absolute().name: path for path in questionnaire_folders(root)}
    if name not in folders:
        there_are = f"there are {', '.join(folders)}" if folders else f"{root} holds none"
        raise NotFound(f"there is no questionnaire «{name}»; {there_are}")
    return folders[name]


def _short(path: Path) -> Path:
    """As seen from where the command was given, when it lies below."""
    try:
        return path.absolute().relative_to(Path.cwd())
    except ValueError:
        return path


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
