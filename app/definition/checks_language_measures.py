"""How hard a Dutch text is to read: its sentences, words and syllables, and the figure of Flesch-Douma.

The formula is that of W.H. Douma, *De leesbaarheid van landbouwbladen* (Landbouwhogeschool Wageningen, bulletin 17,
1960), who fitted Flesch's Reading Ease to Dutch:

    206.835 - 0.93 x words per sentence - 77 x syllables per word

Higher is easier; from 70 up a text reads easily. It was made for samples of a hundred words: see `checks_language`
for what is asked of shorter texts.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

# A name that is filled in, or that the interviewer says, counts as one word of two syllables.
_STAND_IN = "bureau"
_FILLED_IN = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]")
_WORD = re.compile(r"[^\W_]+(?:[-’'.,](?=[^\W_])[^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'’”)]*\s+")
_HARD_PARTS = re.compile(r"[-’'.,]")

# Words from other languages that are not said as they are written.
_SAID = (
    ("coach", "koots"),
    ("team", "tiem"),
    ("site", "sait"),
    ("online", "onlain"),
    ("service", "servis"),
    ("break", "breek"),
)
# Longest first. A trema starts a syllable, so those letters never end one of the other groups.
_NUCLEUS = re.compile(
    r"[ëï]e|ëi|[äëïöü]"
    r"|aai|ooi|oei|oeu|eeu|ieu(?!r)|eau"
    r"|i(?=ee)|ie(?!u)|i(?=eu)|e(?=ums?$)"
    r"|aa|ee|oo|uu|ei|ij|ui|eu|oe|ou|au|ai|oi"
    r"|[ae]y(?![aeiou])"
    r"|[aeiou]|(?<![aeiou])y(?![aeiou])|(?<=[^aeiou])y(?=[aeiou])(?<!^y)"
)
_TREMAS = "äëïöü"
_SPELLED = frozenset(
    ["hbo", "mbo", "vmbo", "vbo", "lbo", "wo", "uwv", "ww", "wao", "wia", "ioaw", "ioaz", "sms", "qr", "tv", "pc"]
)


@dataclass(frozen=True)
class Measures:
    """What was counted in one text."""

    n_sentences: int
    n_words: int
    n_syllables: int
    n_letters: int
    n_words_of_longest_sentence: int

    @cached_property
    def flesch_douma(self) -> Fraction:
        """Reading ease; 0 for a text without words."""
        if not self.n_words:
            return Fraction(0)
        per_sentence = Fraction(self.n_words, self.n_sentences)
        per_word = Fraction(self.n_syllables, self.n_words)
        return Fraction("206.835") - Fraction("0.93") * per_sentence - 77 * per_word


def measured(text: str) -> Measures:
    """Counts one text."""
    by_sentence = [words(sentence) for sentence in sentences(text)]
    counted = [sentence for sentence in by_sentence if sentence]
    every_word = [word for sentence in counted for word in sentence]
    return Measures(
        n_sentences=len(counted),
        n_words=len(every_word),
        n_syllables=sum(map(n_syllables, every_word)),
        n_letters=sum(map(len, every_word)),
        n_words_of_longest_sentence=max(map(len, counted), default=0),
    )


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, as written. A colon does not end one."""
    return tuple(part for part in _SENTENCE_END.split(text.strip()) if part)


@lru_cache(maxsize=4096)
def words(sentence: str) -> tuple[str, ...]:
    """The words of a sentence; a number is a word, and so is a name that is filled in."""
    return tuple(_WORD.findall(_FILLED_IN.sub(_STAND_IN, sentence)))


@lru_cache(maxsize=16384)
def n_syllables(word: str) -> int:
    """How many syllables a Dutch word has, as it is divided at the end of a line; at least one."""
    return sum(map(_of_part, _HARD_PARTS.split(word))) or 1


def _of_part(part: str) -> int:
    lower = _plain(part.lower())
    if lower in _SPELLED or (part.isupper() and len(part) > 1 and not _NUCLEUS.search(lower)):
        return len(lower)
    for written, said in _SAID:
        lower = lower.replace(written, said)
    return len(_NUCLEUS.findall(lower))


def _plain(word: str) -> str:
    """Without accents but with tremas, which divide syllables."""
    if word.isascii():
        return word
    composed = unicodedata.normalize("NFC", word).replace("ĳ", "ij")
    return "".join(
        letter if letter in _TREMAS else unicodedata.normalize("NFD", letter)[:1] or letter for letter in composed
    )
