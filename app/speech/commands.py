"""The commands `audio build` and `audio check`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.console import progress, refuse, refusing, result, say
from app.definition.checks import questionnaire_folders
from app.definition.load import Definition, load_folder
from app.definition.yaml_source import Faulty
from app.errors import Invalid
from app.language import LANGUAGES, SOURCE_LANGUAGE
from app.settings import settings
from app.speech.building import build as make
from app.speech.building import lacking, prune
from app.speech.checking import problems, unused
from app.speech.clips import folder_of
from app.speech.manifest import NAME, load
from app.speech.spoken import Utterances, named, utterances
from app.speech.voices import VOICES

audio = typer.Typer(no_args_is_help=True, help="The clips that are read aloud.")
Machine = StrEnum("Machine", {name: name for name, voice in VOICES.items() if voice.kind != "human"})  # type: ignore[misc]
Names = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="Speak these names of providers, one a line.")
]


@audio.command("build")
def build(
    voice: Annotated[Machine, typer.Option(help="Who speaks.")] = Machine("espeak"),
    language: Annotated[str, typer.Option(help=f"One of {', '.join(LANGUAGES)}.")] = SOURCE_LANGUAGE,
    names: Names = None,
    tidy: Annotated[bool, typer.Option("--prune", help="Remove machine clips that no text uses any more.")] = False,
) -> None:
    """Make the clips that are missing; goes on where it stopped, and leaves recordings alone."""
    with refusing():
        needed = _needed(language)
        spoken_names = named(names.read_text("utf-8").splitlines()) if names else {}
        folder, speaker = folder_of(language), VOICES[voice.value]()
        todo = lacking(folder, {**needed, **spoken_names}, load(folder), speaker)
        with progress() as bar:
            task = bar.add_task(f"Clips in {LANGUAGES[language]}", total=len(todo))
            outcome = make(folder, language, todo, speaker, lambda n_done: bar.advance(task, n_done))
        n_pruned = prune(folder, needed)[0] if tidy else 0
    pruned = f", removed {n_pruned} that no text uses" if tidy else ""
    say(f"{language}: made {outcome.n_made} of {len(todo)} clips{pruned}.")
    if outcome.failures:
        result("\n".join(outcome.failures))
        gave_up = "The voice failed too often, so the rest was not tried. " if outcome.gave_up else ""
        refuse(f"{gave_up}Run the same command again to go on.")


@audio.command("check")
def check(
    language: Annotated[str, typer.Option(help="One language; without it, all that have clips.")] = "",
    listen: Annotated[bool, typer.Option("--listen", help="Measure every clip anew; takes minutes.")] = False,
) -> None:
    """Name every clip that is missing, stale, damaged, too loud or too quiet."""
    n_wrong = n_clips = 0
    with refusing():
        languages = [language] if language else _with_clips()
        if not languages:
            raise Invalid(f"there are no clips in {settings().audio_folder}; run: peilwijs audio build")
        for one in languages:
            needed, manifest = _needed(one), load(folder_of(one))
            found = [f"{one}: {problem}" for problem in problems(folder_of(one), needed, manifest, listen)]
            if found:
                result("\n".join(found))
            if left_over := unused(needed, manifest):
                n_recorded = sum(entry.kind == "human" for entry in left_over)
                say(f"{one}: no text uses {len(left_over)} of the clips any more, {n_recorded} of them recorded.")
            n_wrong += len(found)
            n_clips += len(needed)
    if n_wrong:
        refuse(f"{n_wrong} of {n_clips} clips {'is' if n_wrong == 1 else 'are'} not right.")
    say(f"All good: {n_clips} clips ({', '.join(languages)}).")


def _with_clips() -> list[str]:
    """The languages that have clips."""
    return [language for language in LANGUAGES if (folder_of(language) / NAME).is_file()]


def _needed(language: str) -> Utterances:
    """Everything that must be heard in a language.

    Raises:
        Invalid: when the language is not one of ours, has no whole questionnaire, or a questionnaire is faulty.
    """
    if language not in LANGUAGES:
        raise Invalid(f"«{language}» is not one of our languages; choose from {', '.join(LANGUAGES)}")
    needed = utterances(_definitions(), language)
    if not needed:
        raise Invalid(f"no easy questionnaire is wholly translated into «{language}», so there is nothing to speak yet")
    return needed


def _definitions() -> list[Definition]:
    folders = questionnaire_folders(settings().questionnaires_folder)
    try:
        return [load_folder(folder) for folder in folders]
    except Faulty as faulty:
        raise Invalid(f"a questionnaire cannot be read ({faulty.faults[0]}); run: peilwijs check") from None
