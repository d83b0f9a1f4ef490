"""A folder of clips that the settings point at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.surroundings.environment import SECRET, Environment


@pytest.fixture
def audio_folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder for clips."""
    folder = tmp_path / "audio"
    with Environment(
        PEILWIJS_AUDIO_FOLDER=str(folder), PEILWIJS_VAR_FOLDER=str(tmp_path), PEILWIJS_SECRET_KEY=SECRET
    ):  # fmt: skip
        yield folder
