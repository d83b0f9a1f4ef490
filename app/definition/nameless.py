"""What is said instead of a name that has no clip: *dit bedrijf* sounds right wherever a provider's name stands."""

from app.definition.questionnaire import Questionnaire
from app.questions.question import N_

CIVIC_INTEGRATION = 11
NAMELESS = {"provider": N_("dit bedrijf"), "service": N_("deze dienst")}
SCHOOL = {"provider": N_("de school"), "service": N_("deze cursus")}


class Name(str):
    """A name that is filled in, with the words for when it cannot be spoken."""

    __slots__ = ("nameless",)
    nameless: str

    def __new__(cls, name: str, nameless: str) -> "Name":
        self = super().__new__(cls, name)
        self.nameless = nameless
        return self

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return (Name, (str(self), self.nameless))


def nameless(questionnaire: Questionnaire, name: str) -> str:
    """The Dutch words for a piped fact without its name; "" for what is no name."""
    is_school = questionnaire.texts.services == (CIVIC_INTEGRATION,)
    return (SCHOOL if is_school else NAMELESS).get(name, "")
