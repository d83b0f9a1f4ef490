"""Questionnaire versions: served once checked, stored once, found again by hash."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.collection import versions
from app.database import reading, writing
from app.errors import Invalid, NotFound
from app.fieldwork import questionnaires
from app.settings import ROOT, settings

TEXT = (ROOT / "tests" / "questionnaires" / "recommendation" / "questionnaire.yaml").read_text()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of questionnaires with one in it."""
    write(tmp_path / "all", TEXT)
    monkeypatch.setenv("PEILWIJS_QUESTIONNAIRES_FOLDER", str(tmp_path / "all"))
    settings.cache_clear()
    yield tmp_path / "all"
    settings.cache_clear()


def write(folder: Path, text: str) -> None:
    (folder / "recommendation").mkdir(parents=True, exist_ok=True)
    (folder / "recommendation" / "questionnaire.yaml").write_text(text)


def test_the_current_questionnaire_is_read_once(folder: Path) -> None:
    assert versions.current("recommendation") is versions.current("recommendation")


@pytest.mark.parametrize("name", ["unknown", "../all/recommendation", "", "recommendation/", "Recommendation", "."])
def test_a_name_that_is_no_questionnaire_is_not_found(folder: Path, name: str) -> None:
    with pytest.raises(NotFound, match="there is no questionnaire «"):
        versions.current(name)


def test_a_questionnaire_that_fails_its_checks_is_never_served(folder: Path) -> None:
    write(folder, TEXT.replace("type: grade", "type: graad"))
    with pytest.raises(Invalid, match=r"fails its checks and is not served \(.*questionnaire.yaml:\d+: "):
        versions.current("recommendation")
    write(folder, TEXT)
    assert versions.current("recommendation").name == "recommendation"


def test_a_version_is_stored_once_and_comes_back_as_it_was(
    database: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition = versions.current("recommendation")
    for _ in range(2):
        with writing() as connection:
            assert versions.store_version(connection, definition) == definition.content_hash
    monkeypatch.setattr(versions, "_loaded", {})  # as in another process
    with reading() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM questionnaire_version")) == 1
        again = versions.by_hash(connection, definition.content_hash)
        assert versions.by_hash(connection, definition.content_hash) is again
    assert (again.name, again.files, again.wordings) == (definition.name, definition.files, definition.wordings)


def test_an_interview_keeps_its_version_when_the_questionnaire_changes(
    database: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing() as connection:
        old = versions.store_version(connection, versions.current("recommendation"))
    questionnaires._read.cache_clear()
    write(folder, TEXT.replace("title: ", "title: Nieuw, ", 1))
    with writing() as connection:
        new = versions.store_version(connection, versions.current("recommendation"))
        assert new != old
        assert not versions.by_hash(connection, old).texts.title.startswith("Nieuw")
        assert versions.by_hash(connection, new).texts.title.startswith("Nieuw")


def test_a_version_that_was_never_stored_is_not_found(database: str) -> None:
    with reading() as connection, pytest.raises(NotFound, match="the questionnaire version 0000"):
        versions.by_hash(connection, "0" * 64)
