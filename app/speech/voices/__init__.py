"""PLUG POINT: one .py per voice. A new voice is one file and two lines here."""

from app.speech.voices.espeak import Espeak
from app.speech.voices.gtts import Gtts
from app.speech.voices.recorded import Recorded
from app.speech.voices.voice import Voice

VOICES: dict[str, type[Voice]] = {
    "recorded": Recorded,
    "gtts": Gtts,
    "espeak": Espeak,
}
