"""Made-up people give answers that every question accepts, and their mood shows in them."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.collection import versions
from app.definition.load import Definition
from app.questions.satisfaction import SCALE
from app.simulation.characters import character, fill_in
from tests.factories.questionnaires import definitions, question, questionnaire


@given(definitions(), st.integers())
def test_whatever_they_fill_in_is_accepted(definition: Definition, seed: int) -> None:
    random = Random(seed)
    who = character(random, 0.6)
    for asked in definition.wordings["regular"].questions():
        form: dict[str, list[str]] = {}
        fill_in(random, who, asked, form)
        assert asked.parse(form).problems == ()


@pytest.mark.parametrize("name", ["arbeid-2018", "arbeid-2022", "inburgeren", "opdrachtgevers"])
def test_they_can_answer_every_shipped_questionnaire(name: str) -> None:
    for wording in versions.current(name).wordings.values():
        for seed in range(20):
            random = Random(seed)
            who = character(random, 0.6)
            for asked in wording.questions():
                form: dict[str, list[str]] = {}
                fill_in(random, who, asked, form)
                assert asked.parse(form).problems == ()


def test_the_same_seed_makes_the_same_person() -> None:
    assert character(Random("a"), 0.5) == character(Random("a"), 0.5)
    assert character(Random("a"), 0.5) != character(Random("b"), 0.5)


def test_better_providers_get_more_content_clients() -> None:
    scale = next(questionnaire(question("respect", "satisfaction")).questions())

    def share_content(quality: float) -> float:
        n_content = 0
        for seed in range(300):
            random = Random(seed)
            form: dict[str, list[str]] = {}
            fill_in(random, character(random, quality), scale, form)
            n_content += form.get("respect", [""])[0] in SCALE[:2]
        return n_content / 300

    assert share_content(0.9) > share_content(0.6) + 0.1 > share_content(0.3) + 0.2
