"""The language level of easy pages (A2): every sentence that somebody who reads little Dutch stumbles over.

Easy are the low_threshold wordings and questionnaires with easy pages, their messages and telephone script included;
interviewer instructions are not, for they are read by professionals. The bars:

- a sentence holds at most 12 words, a question at most 20;
- Flesch-Douma is at least 70 over every question of 4 words or more, over what is read on one screen together
  (lead-in, question and hint) from 8 words on, and over a paragraph of 20 words or more. Under that the formula says
  nothing: one word of three syllables makes it negative. There each word is measured by itself, as it is everywhere:
  four syllables or more than twelve letters is a long word;
- no negatives outside the answers, no passives, no two questions in one, no jargon, abbreviations or emphasis.

Regular wording has bars only for what is plainly wrong. What has to stay is allowed in `allowed.yaml`, with a reason.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from app.definition.checks_language_allowed import ALLOWED, Allowed
from app.definition.checks_language_measures import Measures, measured, n_syllables, sentences, words
from app.definition.checks_language_words import (
    ABBREVIATIONS,
    BECOMING,
    BEING,
    HAVING,
    NEGATIVES,
    SHORT_FORM,
    WELL_KNOWN,
    is_participle,
    simpler,
)
from app.definition.load import MESSAGES, REGULAR, Definition
from app.definition.passages import Passage, message_passages, passages
from app.definition.yaml_source import Fault, Path

MAX_WORDS_OF_SENTENCE = 12
MAX_WORDS_OF_QUESTION = 20
MAX_WORDS_OF_REGULAR_SENTENCE = 40
MIN_FLESCH_DOUMA = 70
MIN_WORDS_OF_QUESTION = 4
MIN_WORDS_OF_PARAGRAPH = 20
MIN_WORDS_OF_SCREEN = 8
MIN_SYLLABLES_OF_LONG_WORD = 4
MIN_LETTERS_OF_LONG_WORD = 13

_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\w)[^*_]+(?<=\w)\1(?![\w*])|</?(?:i|b|em|strong|u)>")
_TWICE = re.compile(r"\b([a-zë]{2,}) \1\b")
# An answer may say no, and its parts need no verb.
_ANSWERS = ("option", "label")
_JOINS = frozenset({"en", "of"})
_SPLITS = ("want", "omdat", "zodat", "maar", "dus", "terwijl", "als", "en", "of", "die", "dat")
Finding = tuple[str, str]  # the word that it is about, or nothing; and the sentence


def language_faults(definition: Definition, *, is_whole: bool) -> Iterator[Fault]:
    """Everything that is too hard, with a suggestion; and what the list of exceptions should not hold."""
    allowed = Allowed(definition.sources.get(ALLOWED))
    for wording, questionnaire in definition.wordings.items():
        read = [passage for passage in passages(questionnaire) if passage.kind != "interviewer"]
        found = easy_findings(read, allowed) if questionnaire.is_low_threshold else regular_findings(read)
        for path, sentence in found:
            fault = definition.fault(path, sentence, wording)
            # a text that its wording lacks is told as missing, not as a regular text that is too hard
            if wording == "regular" or fault.file != definition.sources[REGULAR].file:
                yield fault
    for path, sentence in easy_findings(_easy_messages(definition), allowed):
        yield definition.sources[MESSAGES].fault(path, sentence)
    if is_whole:
        yield from allowed.faults()


def _easy_messages(definition: Definition) -> Iterator[Passage]:
    by_kind = definition.messages.messages if definition.messages else {}
    for kind, by_wording in by_kind.items():
        for wording, message in by_wording.items():
            questionnaire = definition.wordings.get(wording)
            if questionnaire is not None and questionnaire.is_low_threshold:
                yield from message_passages(message, ("messages", kind, wording))


def easy_findings(read: Iterable[Passage], allowed: Allowed) -> Iterator[tuple[Path, str]]:
    """What is too hard in texts of easy pages, by path."""
    for _, group in groupby(read, key=lambda passage: passage.path[:4] if passage.question else passage.path):
        together = list(group)
        answers = {passage.text.lower() for passage in together if passage.kind == "option"}
        for passage in together:
            for sentence in _passage_findings(passage, answers, allowed):
                yield passage.path, sentence
        yield from _screen_findings(together, allowed)


def _passage_findings(passage: Passage, answers: set[str], allowed: Allowed) -> Iterator[str]:
    for sentence in sentences(passage.text):
        found = [each for each in _sentence_findings(sentence, passage.kind, answers) if not _is_allowed(each, allowed)]
        if found and not allowed.sentence(sentence):
            yield from (told for _, told in found)
    questions = [sentence for sentence in sentences(passage.text) if sentence.rstrip("\"'’”)").endswith("?")]
    counted = measured(passage.text)
    enough = MIN_WORDS_OF_PARAGRAPH
    if passage.kind in ("question", "row"):
        enough = MIN_WORDS_OF_QUESTION
        if len(questions) > 1 and not allowed.sentence(passage.text):
            yield "two questions stand here in one; ask one thing, and make the other a statement above it"
        if counted.n_words > MAX_WORDS_OF_QUESTION:
            yield (
                f"a question of {counted.n_words} words is too long (at most {MAX_WORDS_OF_QUESTION}); "
                "move what must be known first to the lead_in"
            )
    if counted.n_words >= enough:
        yield from _flesch_findings(counted, passage.text, allowed)


def _is_allowed(finding: Finding, allowed: Allowed) -> bool:
    return bool(finding[0]) and allowed.word(finding[0])


def _sentence_findings(sentence: str, kind: str, answers: set[str]) -> Iterator[Finding]:
    written = words(sentence)
    lower = [word.lower() for word in written]
    if len(written) > MAX_WORDS_OF_SENTENCE:
        yield (
            "",
            f"a sentence of {len(written)} words is too long (at most {MAX_WORDS_OF_SENTENCE}): "
            f"make it two, for instance {_split(sentence)}",
        )
    yield from _hard_words(written)
    for short in SHORT_FORM.findall(sentence):
        instead = ABBREVIATIONS.get(short.lower())
        yield short.lower(), f"«{short}» is an abbreviation; write {f'«{instead}»' if instead else 'it out'}"
    if kind not in _ANSWERS:
        for negative in dict.fromkeys(word for word in lower if word in NEGATIVES):
            yield negative, f"«{negative}» says what is not so, which is easily misread; {NEGATIVES[negative]}"
    if participle := _passive(lower):
        yield (
            "",
            f"«{participle}» is passive here; say who does it, with the verb right after: "
            "«wij …», «de school …», «uw coach …»",
        )
    if sentence.endswith("?") and (joined := _joined(lower, answers)):
        yield "", f"«{joined}» joins two questions in one; ask one of both, or name what they share"
    if emphasis := _EMPHASIS.search(sentence):
        yield "", f"«{emphasis[0]}» is emphasis, which is hard to read; leave the signs out"


def _hard_words(written: Sequence[str]) -> Iterator[Finding]:
    for word in dict.fromkeys(written):
        lower = word.lower()
        if len(word) > 1 and word.isupper() and word.isalpha():
            yield (
                lower,
                f"«{word}» stands in capitals: an abbreviation or emphasis; write it out, or «{lower}»"
                if lower not in ABBREVIATIONS
                else f"«{word}» is an abbreviation; write «{ABBREVIATIONS[lower]}»",
            )
        elif lower in ABBREVIATIONS:
            yield lower, f"«{word}» is an abbreviation; write «{ABBREVIATIONS[lower]}»"
        elif instead := simpler(lower):
            yield lower, f"«{word}» is a hard word; write «{instead}»"
        elif lower not in WELL_KNOWN and _is_long(word):
            yield (
                lower,
                f"«{word}» is a long word ({n_syllables(word)} syllables, {len(word)} letters); say it in shorter ones",
            )


def _is_long(word: str) -> bool:
    return n_syllables(word) >= MIN_SYLLABLES_OF_LONG_WORD or len(word) >= MIN_LETTERS_OF_LONG_WORD


def _passive(lower: Sequence[str]) -> str | None:
    """The words that make a sentence passive: a form of «worden» or «zijn» with a participle."""
    participle = next((word for word in lower if is_participle(word)), None)
    auxiliary = next((word for word in lower if word in BECOMING), None)
    # with «hebben» beside it the participle is active: «de school die u heeft afgemaakt»
    if auxiliary is None and participle is not None and HAVING.isdisjoint(lower):
        auxiliary = next((word for word in lower if word in BEING), None)
    return f"{auxiliary} … {participle}" if auxiliary and participle else None


def _joined(lower: Sequence[str], answers: set[str]) -> str | None:
    """Two things asked at once; not a choice between answers that stand below, nor between numbers."""
    for place, word in enumerate(lower[1:-1], 1):
        if word not in _JOINS or lower[place - 1].isdigit():
            continue
        if word == "of" and " ".join(lower[place + 1 :]) in answers:
            continue
        return " ".join(lower[place - 1 : place + 2])
    return None


def _split(sentence: str) -> str:
    """The sentence as two: before a joining word or after a comma near its middle."""
    parts = sentence.split()
    middle = len(parts) / 2
    joins = [p for p in range(3, len(parts) - 2) if parts[p] in _SPLITS or parts[p - 1].endswith((",", ";", ":"))]
    place = min(joins, key=lambda p: abs(p - middle), default=round(middle))
    first, second = " ".join(parts[:place]).rstrip(",;:"), " ".join(parts[place:])
    return f"«{first}.» and «{second[:1].upper()}{second[1:]}»"


def _screen_findings(together: Sequence[Passage], allowed: Allowed) -> Iterator[tuple[Path, str]]:
    """Reading ease of what is read on one screen; each row of a grid is a screen."""
    shared = [passage for passage in together if passage.kind in ("lead_in", "question", "hint") and passage.question]
    rows = [passage for passage in together if passage.kind == "row"]
    for last in rows or shared[-1:]:
        read = [*shared, last] if rows else shared
        text = " ".join(_ended(passage.text) for passage in read)
        counted = measured(text)
        if counted.n_words >= MIN_WORDS_OF_SCREEN:
            path = last.path if rows else next((p for p in shared if p.kind == "question"), last).path
            yield from ((path, told) for told in _flesch_findings(counted, text, allowed))


def _ended(text: str) -> str:
    """Ends in a mark, so that two texts are two sentences."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def _flesch_findings(counted: Measures, text: str, allowed: Allowed) -> Iterator[str]:
    if counted.flesch_douma >= MIN_FLESCH_DOUMA or allowed.sentence(text):
        return
    longest = sorted({word for s in sentences(text) for word in words(s)}, key=n_syllables, reverse=True)[:3]
    yield (
        f"what is read here together has a Flesch-Douma of {round(counted.flesch_douma)} "
        f"(at least {MIN_FLESCH_DOUMA}); shorten its sentences, or say «{'», «'.join(longest)}» in shorter words"
    )


def regular_findings(read: Iterable[Passage]) -> Iterator[tuple[Path, str]]:
    """What is wrong in any text: marks for emphasis, a word typed twice, a sentence without end."""
    for passage in read:
        if emphasis := _EMPHASIS.search(passage.text):
            yield passage.path, f"«{emphasis[0]}» is emphasis, which is shown as it stands; leave the signs out"
        if twice := _TWICE.search(passage.text):
            yield passage.path, f"«{twice[0]}» stands here twice; remove one"
        for sentence in sentences(passage.text):
            if (n_words := len(words(sentence))) > MAX_WORDS_OF_REGULAR_SENTENCE:
                yield (
                    passage.path,
                    f"a sentence of {n_words} words is too long (at most {MAX_WORDS_OF_REGULAR_SENTENCE}): "
                    f"make it two, for instance {_split(sentence)}",
                )
