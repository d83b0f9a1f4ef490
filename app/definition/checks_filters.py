"""Checks of filters: every name is known and decided earlier, every comparison can be true."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from app.definition.checks_questions import Finding, Placed
from app.definition.checks_texts import suggestion
from app.definition.facts import FILTER_FACTS, PIPED_FACTS
from app.definition.filters import Compare, comparisons, parse_filter, type_fault
from app.definition.questionnaire import Texts
from app.definition.yaml_source import Path
from app.questions.question import ValueType

INBURGERING = 11  # the only service with learning profiles
_EXACT = ("==", "!=", "in", "not in")


def filter_findings(texts: Texts, questions: tuple[Placed, ...]) -> Iterator[Finding]:
    """What is wrong with the filters of blocks, questions and options."""
    looks = _Looks(texts, questions)
    first_of_block = {item.block.code: item.place for item in reversed(questions)}
    for b, block in enumerate(texts.blocks):
        place = first_of_block.get(block.code, 0)
        yield from looks.findings(block.asked_if, ("blocks", b, "asked_if"), place, f"block «{block.code}»")
    for item in questions:
        question, path = item.question, item.path
        owner = f"«{question.code}»"
        yield from looks.findings(question.asked_if, (*path, "asked_if"), item.place, owner)
        for o, option in enumerate(question.options):
            yield from looks.findings(option.asked_if, (*path, "options", o, "asked_if"), item.place, owner)


class _Looks:
    """What each name in a filter stands for."""

    def __init__(self, texts: Texts, questions: tuple[Placed, ...]) -> None:
        self.texts = texts
        self.by_code: Mapping[str, Placed] = {item.question.code: item for item in questions}
        self.answers = {name: item for item in questions for name in item.question.value_types()}
        self.types = {name: item.question.value_types()[name] for name, item in self.answers.items()}

    def findings(self, source: str, path: Path, place: int, owner: str) -> Iterator[Finding]:
        """What is wrong with one filter that stands before the question at `place` is answered."""
        for compare in comparisons(parse_filter(source)) if source else ():
            if compare.name in FILTER_FACTS:
                sentence = self._fact_sentence(compare)
            else:
                sentence = self._name_sentence(compare.name, place, owner) or self._type_sentence(compare)
            if sentence:
                yield path, sentence

    def _name_sentence(self, name: str, place: int, owner: str) -> str | None:
        looked_at = self.answers.get(name)
        if looked_at is None:
            return self._unknown_sentence(name)
        if looked_at.place == place and not owner.startswith("block"):
            return f"the filter of {owner} looks at its own answer «{name}»; it can only look at earlier questions"
        if looked_at.place >= place:
            return f"the filter of {owner} looks at «{name}», which is asked later; it can only look at earlier ones"
        return None

    def _unknown_sentence(self, name: str) -> str:
        if (known := self.by_code.get(name)) and known.question.rows:
            return f"«{name}» is a grid; look at one of its rows: {', '.join(row.code for row in known.question.rows)}"
        if known:
            return f"«{name}» is a question of type {known.question.type}, which has no answer to look at"
        if name in PIPED_FACTS:
            return f"«{name}» can stand in texts, but filters cannot look at it"
        return f"«{name}» is no question or case fact{suggestion(name, [*self.answers, *FILTER_FACTS])}"

    def _type_sentence(self, compare: Compare) -> str | None:
        value_type = self.types[compare.name]
        if value_type.kind == "text":
            return f"«{compare.name}» is open text; filters cannot look at people's own words"
        return type_fault(compare, value_type) or _step_sentence(compare, value_type)

    def _fact_sentence(self, compare: Compare) -> str | None:
        value_type = FILTER_FACTS[compare.name]
        if compare.name in ("service", "learning_profile") and self.texts.audience == "commissioners":
            return f"commissioners have no {compare.name}, so this filter is never true"
        if sentence := type_fault(compare, value_type) or _step_sentence(compare, value_type):
            return sentence
        if compare.name == "learning_profile" and INBURGERING not in self.texts.services:
            return f"only clients of service {INBURGERING} have a learning_profile, and they do not get this one"
        by_fact: dict[str, list[str]] = {
            "service": [str(service) for service in self.texts.services],
            "wording": [*self.texts.wordings],
        }
        served = by_fact.get(compare.name)
        if served is not None and compare.operator in _EXACT:
            for literal in compare.literals:
                if str(literal) not in served:
                    return f"{compare.name} {literal} does not get this questionnaire; it serves {', '.join(served)}"
        return None


def _step_sentence(compare: Compare, value_type: ValueType) -> str | None:
    """A number between two steps can never be equal to an answer."""
    if value_type.kind == "number" and value_type.step and value_type.low is not None and compare.operator in _EXACT:
        for literal in compare.literals:
            if isinstance(literal, Decimal) and (literal - value_type.low) % value_type.step:
                return f"«{compare.name}» goes by steps of {value_type.step}, so it is never {literal}"
    return None
