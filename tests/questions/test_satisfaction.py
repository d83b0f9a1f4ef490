"""Satisfaction scale: always the five codes of the keurmerk."""

import pytest
from pydantic import ValidationError

from app.questions.satisfaction import SCALE, SatisfactionScale


def scale(codes: tuple[str, ...]) -> SatisfactionScale:
    options = [{"code": code, "text": code} for code in codes]
    return SatisfactionScale.model_validate(
        {"type": "satisfaction", "code": "respect", "text": "?", "options": options}
    )


def test_every_step_of_the_scale_is_stored_as_it_is() -> None:
    for code in SCALE:
        assert scale(SCALE).parse({"respect": [code]}).answers == {"respect": code}


def test_the_steps_are_ordered() -> None:
    (variable,) = scale(SCALE).variables()
    assert (variable.measure, tuple(variable.values)) == ("ordinal", SCALE)


@pytest.mark.parametrize("codes", [SCALE[:4], SCALE[::-1], (), (*SCALE, "other")])
def test_other_options_make_no_satisfaction_scale(codes: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError, match="exactly the options"):
        scale(codes)
