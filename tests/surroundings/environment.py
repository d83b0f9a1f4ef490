"""The settings of Peilwijs for a while, from environment variables and nothing else."""

import os

import pytest

from app.database import forget_engine
from app.settings import settings

SECRET = "a secret for tests only, of enough characters"


class Environment:
    """Environment variables set for a while, with everything read from them forgotten on both sides."""

    def __init__(self, **variables: str) -> None:
        self._patch = pytest.MonkeyPatch()
        self._variables = variables

    def __enter__(self) -> None:
        for name in [name for name in os.environ if name.startswith("PEILWIJS_")]:
            self._patch.delenv(name)
        for name, value in self._variables.items():
            self._patch.setenv(name, value)
        self._forget()

    def __exit__(self, *_: object) -> None:
        self._patch.undo()
        self._forget()

    def _forget(self) -> None:
        forget_engine()
        settings.cache_clear()
