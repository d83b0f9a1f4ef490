"""What must be true of a recording before it may be a clip. Every refusal says what is wrong and how to mend it.

Pure: works on decoded samples, 16 bits, one channel, at the rate of our clips.
"""

import math
import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from app.errors import N_, Invalid

WINDOW_SECONDS = 0.02
FULL_SCALE = 32_768
SILENT_DB = -50.0  # a room in which nobody speaks; a voice far from a poor microphone is still above it
BELOW_LOUD_DB = 32.0  # what is softer than the loud parts by this much is a pause
STEADY_DB = 4.0  # speech swings by far more between syllables; fans and mains hum do not
CLIPPED_LEVEL = 0.97
MAX_CLIPPED_SHARE = 0.01  # clean speech reaches its own peak in one sample of ten thousand
SHORTEST_SPEECH_SECONDS = 0.15
FASTEST_SIGNS_PER_SECOND = 28  # twice as fast as people read aloud
SLOWEST_SIGNS_PER_SECOND = 4  # word by word, with pauses
SLACK_SECONDS = 5
EDGE_SECONDS = 0.5  # a clip keeps a little silence around the words, and must still fit its text
_SPOKEN = re.compile(r"\w")
_SYLLABLES = re.compile("[\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f]")  # Ethiopic: one sign is a whole syllable

SILENT = N_("Wij horen niets op deze opname. Zet de microfoon aan en neem opnieuw op.")
NOISE = N_("Wij horen alleen ruis, geen stem. Kies de goede microfoon en neem opnieuw op.")
DISTORTED = N_("De opname kraakt, want het geluid is te hard. Ga verder van de microfoon zitten en neem opnieuw op.")
TOO_SHORT = N_(
    "Wij horen maar %(heard)s van de minstens %(least)s seconden spraak. Lees de hele tekst voor en neem opnieuw op."
)
TOO_LONG = N_(
    "De opname duurt %(heard)s seconden, en deze tekst hoogstens %(most)s. Neem alleen deze tekst op, zonder pauze."
)


class Refused(Invalid):
    """A recording that cannot be used. The sentence is Dutch; `message` and `values` are for other languages."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


@dataclass(frozen=True)
class _Loudness:
    """The loudness of every window of 20 ms, and what counts as loud in this recording."""

    windows_db: Sequence[float]
    loud_db: float

    @property
    def sounding(self) -> list[int]:
        """The windows in which there is something to hear."""
        least = max(SILENT_DB, self.loud_db - BELOW_LOUD_DB)
        return [number for number, level in enumerate(self.windows_db) if level >= least]


def check(samples: bytes, sample_rate: int, words: str) -> None:
    """Whether this can be somebody reading these words aloud.

    Raises:
        Refused: with one sentence.
    """
    values = array("h", samples)
    size = int(sample_rate * WINDOW_SECONDS)
    loudness = _measured(values, size)
    sounding = loudness.sounding
    if loudness.loud_db < SILENT_DB or len(sounding) * WINDOW_SECONDS < SHORTEST_SPEECH_SECONDS:
        raise Refused(SILENT)
    if _is_steady(loudness):
        raise Refused(NOISE)
    if _clipped_share(values, sounding, size) > MAX_CLIPPED_SHARE:
        raise Refused(DISTORTED)
    _check_length((sounding[-1] - sounding[0] + 1) * WINDOW_SECONDS, words)


def plausible_seconds(words: str) -> tuple[float, float]:
    """How long reading these words aloud may take: at least, at most."""
    n_signs = 0.0
    for sign in _SPOKEN.findall(words):
        n_signs += 4 if sign.isdigit() else 2.5 if _SYLLABLES.match(sign) else 1
    return n_signs / FASTEST_SIGNS_PER_SECOND, SLACK_SECONDS + n_signs / SLOWEST_SIGNS_PER_SECOND


def _check_length(heard_seconds: float, words: str) -> None:
    least, most = plausible_seconds(words)
    if heard_seconds < least:
        raise Refused(TOO_SHORT, heard=str(math.floor(heard_seconds)), least=str(math.ceil(least)))
    if heard_seconds > most - EDGE_SECONDS:
        raise Refused(TOO_LONG, heard=str(math.ceil(heard_seconds)), most=str(math.floor(most)))


def _measured(values: Sequence[int], size: int) -> _Loudness:
    windows = [values[start : start + size] for start in range(0, len(values) - size + 1, size)]
    windows_db = [_decibels(sum(map(mul, window, window)) / size) for window in windows]
    loudest_first = sorted(windows_db, reverse=True)
    # shorter than this is no syllable, but a click
    place = min(int(SHORTEST_SPEECH_SECONDS / WINDOW_SECONDS), len(loudest_first) - 1)
    return _Loudness(windows_db, loudest_first[place] if loudest_first else -math.inf)


def _decibels(mean_square: float) -> float:
    return 10 * math.log10(max(mean_square, 1e-3)) - 20 * math.log10(FULL_SCALE)


def _percentile(levels: Sequence[float], pct: int) -> float:
    return sorted(levels)[(len(levels) - 1) * pct // 100] if levels else -math.inf


def _is_steady(loudness: _Loudness) -> bool:
    return loudness.loud_db - _percentile(loudness.windows_db, 10) < STEADY_DB


def _clipped_share(values: Sequence[int], sounding: Sequence[int], size: int) -> float:
    limit = CLIPPED_LEVEL * FULL_SCALE
    n_clipped = sum(1 for value in values if value >= limit or value <= -limit)
    return n_clipped / (len(sounding) * size)
