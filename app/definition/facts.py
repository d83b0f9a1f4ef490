"""Case facts that filters and piped text may use, beside earlier answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.questions.question import FilterValue, ValueType

MODES = ("web", "phone", "paper")
WORDINGS = ("regular", "low_threshold")

# What filters may look at. Services and profiles are numbers with a finite range.
FILTER_FACTS: Mapping[str, ValueType] = {
    "service": ValueType("number", None, Decimal(1), Decimal(13), Decimal(1)),
    "learning_profile": ValueType("number", None, Decimal(1), Decimal(4), Decimal(1)),
    "wording": ValueType("choice", WORDINGS),
    "mode": ValueType("choice", MODES),
}
# What texts may pipe: {provider}, {service}.
PIPED_FACTS = ("provider", "service")


@dataclass(frozen=True)
class Facts:
    """What is known about a case before the first question.

    `service` is None for commissioners, `learning_profile` outside service 11.
    """

    service: int | None = None
    learning_profile: int | None = None
    wording: str = "regular"
    mode: str = "web"
    provider: str = ""
    service_name: str = ""

    def filter_values(self) -> dict[str, FilterValue | None]:
        """Facts as filter values; a fact the case does not have is absent, so every comparison is false."""
        values: dict[str, FilterValue | None] = {"wording": self.wording, "mode": self.mode}
        if self.service is not None:
            values["service"] = Decimal(self.service)
        if self.learning_profile is not None:
            values["learning_profile"] = Decimal(self.learning_profile)
        return values

    def piped(self) -> dict[str, str]:
        return {"provider": self.provider, "service": self.service_name}
