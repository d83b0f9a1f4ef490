"""A studio with a small folder of clips, and a researcher in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import settings


@pytest.fixture
def audio_folder(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder for clips."""
    monkeypatch.setenv("PEILWIJS_AUDIO_FOLDER", str(tmp_path / "audio"))
    settings.cache_clear()
    yield tmp_path / "audio"
    monkeypatch.undo()
    settings.cache_clear()
