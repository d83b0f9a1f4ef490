"""What is said where a name has no clip."""

import pickle
from pathlib import Path

import pytest

from app.definition.facts import PIPED_FACTS, Facts
from app.definition.load import load_folder
from app.definition.nameless import Name, nameless
from app.engine.route import route
from app.settings import ROOT


@pytest.mark.parametrize(
    ("questionnaire", "words"),
    [("inburgeren", "de school"), ("arbeid-2022", "dit bedrijf"), ("arbeid-2018", "dit bedrijf")],
)
def test_a_provider_is_a_school_or_a_company(questionnaire: str, words: str) -> None:
    definition = load_folder(Path(ROOT / "questionnaires" / questionnaire))
    asked = route(definition.wordings["regular"], {}, Facts(provider="Noord", service_name="Cursus"))
    provider = asked.piped("provider")
    assert provider == "Noord"
    assert isinstance(provider, Name) and provider.nameless == words


def test_every_fact_that_texts_may_pipe_can_go_nameless() -> None:
    definition = load_folder(ROOT / "questionnaires/arbeid-2022")
    assert all(nameless(definition.wordings["regular"], fact) for fact in PIPED_FACTS)
    assert nameless(definition.wordings["regular"], "grade") == ""


def test_a_name_survives_being_stored() -> None:
    stored = pickle.loads(pickle.dumps(Name("Noord", "de school")))
    assert (stored, stored.nameless) == ("Noord", "de school")
