"""What a made-up respondent is like, and how somebody like that fills in a question.

Everything is drawn from one seeded generator, so the same seed gives the same person with the same answers.
Questions are filled in by the type of their values, so a new question type needs nothing here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from app.questions.question import Option, Question, ValueType
from app.questions.satisfaction import SCALE

# The share of people who choose an option that steers the route; the other options get the rest evenly.
LEANINGS: Mapping[str, Mapping[str, float]] = {
    "had_contact": {"no": 0.05},
    "contact_enough": {"too_little": 0.15, "too_much": 0.04},
    "same_coach": {"no": 0.2},
    "complaint": {"yes": 0.1},
}
# A mood below the limit chooses the option; "no opinion" is drawn apart.
SCALE_LIMITS = ((0.18, SCALE[3]), (0.4, SCALE[2]), (0.72, SCALE[1]), (9.9, SCALE[0]))
NO_OPINION_SHARE = 0.06
HIGHEST_GRADE = 10
REMARKS = (
    "Ik werd goed geholpen.",
    "Het duurde lang voordat ik antwoord kreeg.",
    "Mijn begeleider nam de tijd voor mij.",
    "Graag meer gesprekken op kantoor, minder per e-mail.",
    "Prima zo!",
    "Ik had vooraf graag meer uitleg gehad.\nVerder was alles goed.",
)
OTHERS = ("via een vriend", "een bijscholing", "anders dan hierboven", "dat weet ik niet precies")


@dataclass(frozen=True)
class Character:
    """How somebody behaves. Shares are 0–1; `patience` is the number of screens before breaking off, None = ends."""

    mood: float  # 0 = nothing was good, 1 = everything was
    patience: int | None
    skips_share: float
    doubts_share: float
    slips_share: float


def character(random: Random, quality: float) -> Character:
    """Somebody who was helped by a provider of this quality (0–1)."""
    mood = random.gauss(quality, 0.14)
    if random.random() < 0.04:
        mood *= 0.3  # now and then somebody is simply angry
    return Character(
        mood=min(1.0, max(0.0, mood)),
        patience=random.randrange(9) if random.random() < 0.14 else None,
        skips_share=random.choice((0.0, 0.0, 0.0, 0.0, 0.01, 0.05)),
        doubts_share=random.choice((0.0, 0.0, 0.03, 0.1)),
        slips_share=random.choice((0.0, 0.0, 0.02)),
    )


def fill_in(random: Random, who: Character, question: Question, form: dict[str, list[str]]) -> None:
    """Adds this person's answer to the form of a page; a skipped question adds nothing."""
    for name, kind in question.value_types().items():
        is_left_out = random.random() < (who.skips_share + 0.3 * question.optional) and not question.required
        if is_left_out:
            continue
        form[name] = _values(random, who, question, name, kind)
        if any(option.other and option.code in form[name] for option in question.options):
            form[f"{name}.other"] = [random.choice(OTHERS) if random.random() < 0.8 else ""]


def slip(random: Random, who: Character, question: Question) -> dict[str, list[str]]:
    """What this person types wrongly at first; empty for who makes no mistake here."""
    types = question.value_types()
    wrong = {name: [random.choice(("elf", "77", "6-"))] for name, kind in types.items() if kind.kind == "number"}
    return wrong if random.random() < who.slips_share * 4 else {}


def _values(random: Random, who: Character, question: Question, name: str, kind: ValueType) -> list[str]:
    match kind.kind:
        case "choice":
            return [_choice(random, who, question)]
        case "choices":
            return _choices(random, question.options)
        case "number":
            return [_number(random, who, kind)]
        case "text":
            return [random.choice(REMARKS)]


def _choice(random: Random, who: Character, question: Question) -> str:
    codes = tuple(option.code for option in question.options)
    if codes == SCALE:
        if random.random() < NO_OPINION_SHARE:
            return SCALE[4]
        felt = random.gauss(who.mood, 0.16)
        return next(code for limit, code in SCALE_LIMITS if felt < limit)
    leaning = LEANINGS.get(question.code, {})
    rest = (1 - sum(leaning.values())) / max(1, len(set(codes) - set(leaning)))
    weights = [_role_weight(option, who) or leaning.get(option.code, rest) for option in question.options]
    return random.choices(codes, weights)[0]


def _role_weight(option: Option, who: Character) -> float | None:
    """Content people recommend, discontented ones advise against."""
    match option.role:
        case "promoter":
            return who.mood
        case "neutral":
            return 0.5
        case "detractor":
            return 0.6 * (1 - who.mood) ** 2 + 0.001
    return None


def _choices(random: Random, options: tuple[Option, ...]) -> list[str]:
    alone = [option.code for option in options if option.exclusive]
    together = [option.code for option in options if not option.exclusive]
    if not together or (alone and random.random() < 0.3):
        return [alone[0] if random.random() < 0.8 else random.choice(alone)]
    return random.sample(together, min(len(together), random.choice((1, 1, 2, 3))))


def _number(random: Random, who: Character, kind: ValueType) -> str:
    """A grade around the mood, sometimes with a decimal where those are allowed; any other number is mostly small."""
    low, high, step = (value if value is not None else Decimal(1) for value in (kind.low, kind.high, kind.step))
    if high != HIGHEST_GRADE:
        return str(min(high, low + int(random.expovariate(0.2))))
    felt = min(1.0, max(0.0, random.gauss(0.25 + 0.65 * who.mood, 0.07)))
    rough = low + (high - low) * Decimal(str(round(felt, 4)))
    step = step if random.random() < 0.25 else max(step, Decimal(1))
    value = min(high, max(low, (rough / step).to_integral_value() * step))
    return f"{value.normalize():f}".replace(".", random.choice(",,."))
