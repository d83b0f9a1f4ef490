"""Which texts must have a clip: everything that somebody meets who answers on easy pages, in one language.

That is each text of the easy wordings, as it stands on a screen, and the texts of the pages around them. A sentence
with numbers or names in it is listed once for everything that may come in it, so that it is heard in one breath; a
text with a `{name}` is cut at the name, because nobody knows all names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from babel.messages.pofile import read_po

from app.definition.load import Definition
from app.definition.passages import Kind, passages, question_passages
from app.definition.piping import pieces
from app.definition.questionnaire import Questionnaire
from app.definition.translations import coverage, texts_to_translate, translated
from app.language import LOCALES, SOURCE_LANGUAGE, catalogue, decimal_mark
from app.questions.grade import Grade
from app.questions.question import Question
from app.settings import settings
from app.speech.fillings import fillings, forms, is_heard
from app.speech.manifest import text_hash

# Texts that have no place on an easy screen: they stand above tables, in the window's title, in a telephone script.
SILENT: frozenset[Kind] = frozenset({"title", "block", "phone", "interviewer", "message"})
PAGES = "pages"
NAME = "name"  # the place of a provider's name


@dataclass(frozen=True)
class Utterance:
    """One clip that must be there. `place`: where the text stands first, the same when its words change."""

    text: str
    words: str
    place: str
    piece: int | None = None

    @property
    def hash(self) -> str:
        return text_hash(self.text, self.piece)


Utterances = Mapping[str, Utterance]  # by hash, in the order in which they are met


def utterances(definitions: Iterable[Definition], language: str) -> Utterances:
    """Everything that must be heard in a language. A questionnaire that is not wholly translated is left out: nobody
    can choose it."""
    easy = [one for definition in definitions for one in _in_language(definition, language)]
    asked = [step.question for questionnaire in easy for step in questionnaire.steps]
    found = chain(
        chain.from_iterable(map(_of_questionnaire, easy)), _answers(asked), _of_pages(language, asked) if easy else ()
    )
    by_hash: dict[str, Utterance] = {}
    for utterance in found:
        by_hash.setdefault(utterance.hash, utterance)
    return by_hash


def named(names: Iterable[str]) -> Utterances:
    """The names of providers, to be filled in where a text pipes one."""
    all_names = dict.fromkeys(name.strip() for name in names)
    return {one.hash: one for name in all_names if name for one in [Utterance(name, name, NAME)]}


def is_complete(questionnaire: Questionnaire, language: str) -> bool:
    """Whether every text has a translation, be it a draft."""
    texts = texts_to_translate(questionnaire)
    return coverage(texts, catalogue(language, "questionnaires").translations).is_complete(with_drafts=True)


def _in_language(definition: Definition, language: str) -> Iterator[Questionnaire]:
    """The easy wordings in a language, those that exist in it."""
    for questionnaire in definition.wordings.values():
        if not questionnaire.is_low_threshold:
            continue
        if language == SOURCE_LANGUAGE:
            yield questionnaire
        elif is_complete(questionnaire, language):
            yield translated(questionnaire, catalogue(language, "questionnaires").gettext, decimal_mark(language))


def _of_questionnaire(questionnaire: Questionnaire) -> Iterator[Utterance]:
    """Introduction, closing, and every question as its screen shows it: a grid comes apart into its rows."""
    here = f"{questionnaire.name}/{questionnaire.wording}"
    for passage in passages(questionnaire):
        if passage.kind in ("introduction", "closing"):
            yield from _whole_or_pieces(passage.text, f"{here}: {'.'.join(map(str, passage.path))}")
    for step in questionnaire.steps:
        for passage in question_passages(step.question):
            if passage.kind not in SILENT:
                place = f"{here}: {step.question.code}.{_part(step.question, passage.path)}"
                yield from _whole_or_pieces(passage.text, place)


def _part(question: Question, path: tuple[str | int, ...]) -> str:
    """`text`, or the code of an option, so that the place stays the same when options are added."""
    if path[0] == "options":
        return question.options[int(path[1])].code
    return str(path[0])


def _whole_or_pieces(text: str, place: str) -> Iterator[Utterance]:
    parts = list(pieces(text))
    if all(number is not None for number, _ in parts):
        yield Utterance(text, text, place)
        return
    for number, words in parts:
        if number is not None:
            yield Utterance(text, words, place, number)


def _answers(asked: Iterable[Question]) -> Iterator[Utterance]:
    """What stands on buttons without being a text: the grades."""
    for question in asked:
        if isinstance(question, Grade):
            yield from (Utterance(str(grade), str(grade), f"grades: {grade}") for grade in range(1, 11))
            return


def _of_pages(language: str, asked: list[Question]) -> Iterator[Utterance]:
    """Buttons, hints, errors, and the pages around the questions."""
    texts = catalogue(language)
    with (LOCALES / "respondent.pot").open("rb") as file:
        messages = [message for message in read_po(file) if message.id and is_heard(message)]
    for message in messages:
        single, plural = forms(message)
        if language != SOURCE_LANGUAGE and single not in texts.translations:
            continue  # nobody is offered a language with Dutch left in it
        for values in fillings(single, asked):
            text = texts.ngettext(single, plural, _count(values)) if plural else texts.gettext(single)
            filled = text % values if values else text
            yield Utterance(filled, filled, f"{PAGES}: {single % values if values else single}")
    phone = settings().help_phone
    yield Utterance(phone, ", ".join(" ".join(group) for group in phone.split()), f"{PAGES}: PEILWIJS_HELP_PHONE")


def _count(values: Mapping[str, object]) -> int:
    return int(str(values.get("num", 1)))
