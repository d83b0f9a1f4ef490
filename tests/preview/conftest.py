"""A questionnaire with every sort of filter, in a folder of its own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.questionnaires import question, tree, yes_no
from tests.surroundings.environment import SECRET, Environment

LISTED = ({"code": "a", "text": "Eerste"}, {"code": "b", "text": "Tweede", "asked_if": "gate == 'no'"})


@pytest.fixture
def specimen(tmp_path: Path, var_folder: Path) -> Iterator[str]:
    """Its name; other questionnaires are not there."""
    written = tree(
        question("gate", options="yes no"),
        yes_no("by_phone", "mode == 'phone'"),
        yes_no("for_two", "learning_profile == 2"),
        question("pick", options=LISTED),
        question("ways", "multiple", "mail call visit"),
        yes_no("deep", "gate == 'yes' and ('mail' in ways or not (pick == 'a'))"),
        name="specimen",
        services=[11],
    )
    written["blocks"][0]["questions"] += [{"code": "grade", "type": "grade", "text": "Welk cijfer geeft u?"}]
    folder = tmp_path / "questionnaires"
    (folder / "specimen").mkdir(parents=True)
    (folder / "specimen" / "questionnaire.yaml").write_text(json.dumps(written, indent=1))
    with Environment(
        PEILWIJS_VAR_FOLDER=str(tmp_path),
        PEILWIJS_SECRET_KEY=SECRET,
        PEILWIJS_IS_DEMO="true",
        PEILWIJS_QUESTIONNAIRES_FOLDER=str(folder),
    ):
        yield "specimen"
