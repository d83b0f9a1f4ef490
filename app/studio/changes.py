"""What researchers do with clips: keep a recording, approve a clip, take a recording away."""

from app.errors import Conflict
from app.speech.clips import folder_of
from app.speech.manifest import Entry, editing, put
from app.speech.recordings import to_recording
from app.speech.spoken import Utterance

VOICE = "studio"


def keep(language: str, utterance: Utterance, file: bytes) -> None:
    """Makes a recording the clip of a text. Until somebody approves it, it counts as not heard by a second person.

    Raises:
        Refused: when it cannot be a recording of these words.
        Unavailable: when too many are being converted.
    """
    made = to_recording(file, utterance.words)
    entry = Entry(
        text=utterance.text,
        piece=utterance.piece,
        place=utterance.place,
        file="",  # named after its content when it is put
        voice=VOICE,
        kind="human",
        seconds=made.seconds,
        lufs=made.lufs,
    )
    put(folder_of(language), entry, made.mp3)


def approve(language: str, utterance: Utterance, file: str, is_good: bool) -> None:
    """Says that a clip is good, or no longer.

    Args:
        file: the clip that was heard; somebody else may have recorded another meanwhile.

    Raises:
        Conflict: when the clip is not the one that was heard.
    """
    with editing(folder_of(language)) as entries:
        entry = entries.get(utterance.hash)
        if entry is None or entry.file != file:
            raise Conflict("this text has another clip by now; listen to it first")
        entries[utterance.hash] = entry.model_copy(update={"approved": is_good})


def discard(language: str, utterance: Utterance, file: str) -> None:
    """Takes a recording away for good, and lets the draft voice speak the text again, where it can.

    Raises:
        Conflict: when the clip is not the recording that was heard.
    """
    folder = folder_of(language)
    with editing(folder) as entries:
        entry = entries.get(utterance.hash)
        if entry is None or entry.file != file or entry.kind != "human":
            raise Conflict("this text has another clip by now; listen to it first")
        del entries[utterance.hash]
        is_used = any(other.file == file for other in entries.values())
    if not is_used:
        (folder / file).unlink(missing_ok=True)
    _speak_draft(language, utterance)


def _speak_draft(language: str, utterance: Utterance) -> None:
    """What cannot be spoken stays without a clip, and the list says so."""
    # the libraries for sound are large, and only this needs them in the server itself
    from app.speech.building import build
    from app.speech.voices.espeak import Espeak

    if language in Espeak.languages:
        build(folder_of(language), language, [utterance], Espeak())
