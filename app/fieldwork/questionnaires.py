"""The questionnaires as they are served now, read from their folder once per process."""

import re
from functools import cache
from pathlib import Path

from app.definition.checks import load_checked
from app.definition.load import Definition
from app.definition.yaml_source import Faulty
from app.errors import Invalid, NotFound
from app.settings import settings


def current(name: str) -> Definition:
    """The questionnaire of this name as it is served now; read and checked once per process.

    Raises:
        NotFound: when there is no such questionnaire.
        Invalid: when it fails its checks; it is never served.
    """
    return _read(settings().questionnaires_folder, name)


@cache
def _read(folder: Path, name: str) -> Definition:
    # the name may come from a file, so it must not be a way out of the folder
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", name) or not (folder / name).is_dir():
        raise NotFound(f"there is no questionnaire «{name[:60]}» in {folder}; check the name of the folder")
    try:
        return load_checked(folder / name)
    except Faulty as error:
        raise Invalid(
            f"the questionnaire «{name}» fails its checks and is not served ({error.faults[0]}); "
            f"mend it and run: peilwijs check {folder}"
        ) from None
