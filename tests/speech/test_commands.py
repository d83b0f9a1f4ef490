"""`peilwijs audio build` and `audio check`, as people and `make check` use them."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.definition.load import load_folder
from app.language import LANGUAGES
from app.settings import ROOT
from app.speech.manifest import NAME, Kind, editing, load
from app.speech.sound import to_clip
from app.speech.spoken import utterances
from tests.factories.clips import keep_clip, murmur
from tests.factories.voice_service import VoiceService, voice_service
from tests.speech.test_spoken import EASY
from tests.surroundings.environment import SECRET, Environment

Cli = Callable[..., Any]
PAGES = 10  # at least so many texts stand around the questions
COMMITTED = ROOT / "audio" / "nl"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """One small questionnaire and an empty folder for its clips; yields the folder that holds both."""
    (tmp_path / "questionnaires/easy").mkdir(parents=True)
    (tmp_path / "questionnaires/easy/questionnaire.yaml").write_text(EASY)
    with Environment(
        PEILWIJS_QUESTIONNAIRES_FOLDER=str(tmp_path / "questionnaires"),
        PEILWIJS_AUDIO_FOLDER=str(tmp_path / "audio"),
        PEILWIJS_SECRET_KEY=SECRET,
    ):
        yield tmp_path


def pages_are_spoken(folder: Path, kind: Kind = "draft") -> int:
    """What stands around the questions has a clip already: its committed one. Returns how many."""
    needed = set(utterances([load_folder(folder / "questionnaires/easy")], "nl"))
    (folder / "audio/nl").mkdir(parents=True, exist_ok=True)
    with editing(folder / "audio/nl") as entries:
        for key, entry in load(COMMITTED).entries.items():
            if key in needed:
                shutil.copy(COMMITTED / entry.file, folder / "audio/nl" / entry.file)
                entries[key] = entry.model_copy(update={"kind": kind})
        return len(entries)


@cache
def murmured(seconds: int) -> bytes:
    return to_clip(murmur(seconds)).mp3


@pytest.fixture
def service(small: Path) -> Iterator[VoiceService]:
    with (
        voice_service(lambda text: murmured(1 + len(text) // 15)) as running,
        Environment(
            PEILWIJS_QUESTIONNAIRES_FOLDER=str(small / "questionnaires"),
            PEILWIJS_AUDIO_FOLDER=str(small / "audio"),
            PEILWIJS_GTTS_URL=running.address,
            PEILWIJS_VOICE_TIMEOUT_SECONDS="2",
            PEILWIJS_SECRET_KEY=SECRET,
        ),
    ):
        yield running


def test_what_is_built_passes_the_check_and_a_comma_fails_it(cli: Cli, small: Path) -> None:
    n_before = pages_are_spoken(small)
    built = cli("audio", "build")
    assert (built.exit_code, built.stdout) == (0, "")
    assert len(load(small / "audio/nl").entries) - n_before > 0
    assert f"made {len(load(small / 'audio/nl').entries) - n_before} of" in built.stderr
    assert len(load(small / "audio/nl").entries) > PAGES
    assert cli("audio", "check", "--language", "nl", "--listen").exit_code == 0
    definition = small / "questionnaires/easy/questionnaire.yaml"
    definition.write_text(EASY.replace("Ging het goed?", "Ging, het goed?"))
    checked = cli("audio", "check", "--language", "nl")
    assert checked.exit_code == 1
    assert checked.stdout == (
        "nl: easy/regular: well.text: the clip «Ging, het goed?» is stale: it still says «Ging het goed?»\n"
    )
    assert "no text uses 1 of the clips" in checked.stderr
    assert "made 1 of 1 clips, removed 1" in cli("audio", "build", "--prune").stderr
    assert cli("audio", "check").exit_code == 0


def test_names_are_spoken_and_stay(cli: Cli, small: Path) -> None:
    pages_are_spoken(small)
    (small / "names.txt").write_text("Taalhuis Noord\n\nWerkpad\n")
    assert cli("audio", "build", "--names", small / "names.txt").exit_code == 0
    assert load(small / "audio/nl").find("Taalhuis Noord")
    cli("audio", "build", "--prune")
    assert load(small / "audio/nl").find("Werkpad")
    assert cli("audio", "check").exit_code == 0


def test_gtts_takes_the_place_of_the_draft_voice(cli: Cli, service: VoiceService, small: Path) -> None:
    pages_are_spoken(small, kind="human")
    keep_clip(small / "audio/nl", "Ja hoor")
    keep_clip(small / "audio/nl", "Hallo", kind="human")
    assert cli("audio", "build", "--voice", "gtts").exit_code == 0
    entries = load(small / "audio/nl").entries.values()
    assert {(entry.voice, entry.kind) for entry in entries if entry.kind != "human"} == {("gtts", "voice")}
    assert ("Ja hoor", "nl") in service.asked
    assert ("Hallo", "nl") not in service.asked
    assert 1 < service.largest_at_once <= 3


def test_a_voice_service_that_refuses_is_told_and_the_build_can_go_on(
    cli: Cli, service: VoiceService, small: Path
) -> None:
    pages_are_spoken(small, kind="human")
    service.moods = ["403", "noise"]
    built = cli("audio", "build", "--voice", "gtts")
    assert built.exit_code == 1
    assert len(built.stdout.splitlines()) == 2
    assert "status 403" in built.stdout and "cannot be read" in built.stdout
    n_made = len(load(small / "audio/nl").entries)
    again = cli("audio", "build", "--voice", "gtts")
    assert again.exit_code == 0 and "made 2 of 2 clips" in again.stderr
    assert len(load(small / "audio/nl").entries) == n_made + 2


def test_gtts_refuses_a_language_that_it_does_not_speak(cli: Cli) -> None:
    built = cli("audio", "build", "--voice", "gtts", "--language", "ti")
    assert built.exit_code == 1
    assert "«ti»" in built.stderr


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (("check", "--language", "xx"), 1),
        (("check",), 1),
        (("build", "--language", "../nl"), 1),
        (("build", "--voice", "recorded"), 2),
        (("build", "--names", "nowhere.txt"), 2),
    ],
)
def test_what_cannot_be_done_is_refused(cli: Cli, small: Path, arguments: tuple[str, ...], exit_code: int) -> None:
    done = cli("audio", *arguments)
    assert (done.exit_code, done.stdout) == (exit_code, "")
    assert done.stderr.strip()


def test_a_damaged_manifest_is_told_and_not_written_over(cli: Cli, small: Path) -> None:
    (small / "audio/nl").mkdir(parents=True)
    (small / "audio/nl" / NAME).write_text("{")
    for command in ("build", "check"):
        done = cli("audio", command, "--language", "nl")
        assert done.exit_code == 1 and "is damaged" in done.stderr
    assert (small / "audio/nl" / NAME).read_text() == "{"


def test_a_faulty_questionnaire_is_told(cli: Cli, small: Path) -> None:
    (small / "questionnaires/easy/questionnaire.yaml").write_text("name: [")
    assert "run: peilwijs check" in cli("audio", "check", "--language", "nl").stderr


class TestCommittedClips:
    """The Dutch clips that come with Peilwijs."""

    MOST_MB = 25

    @pytest.fixture
    def questionnaires(self, tmp_path: Path) -> Iterator[Path]:
        """A copy of the shipped questionnaires beside the shipped clips."""
        folder = tmp_path / "questionnaires"
        shutil.copytree(ROOT / "questionnaires", folder)
        with Environment(PEILWIJS_QUESTIONNAIRES_FOLDER=str(folder), PEILWIJS_SECRET_KEY=SECRET):
            yield folder

    def test_every_dutch_text_has_its_clip(self, cli: Cli, questionnaires: Path) -> None:
        checked = cli("audio", "check", "--language", "nl")
        assert (checked.exit_code, checked.stdout) == (0, "")

    @pytest.mark.parametrize(
        "file", ["inburgeren/questionnaire.yaml", "arbeid-2018/low_threshold.yaml", "arbeid-2022/low_threshold.yaml"]
    )
    def test_one_comma_more_fails(self, cli: Cli, questionnaires: Path, file: str) -> None:
        path = questionnaires / file
        text = path.read_text()
        assert "Welk cijfer geeft u" in text
        path.write_text(text.replace("Welk cijfer geeft u", "Welk cijfer, geeft u", 1))
        checked = cli("audio", "check", "--language", "nl")
        assert checked.exit_code == 1
        [line] = checked.stdout.splitlines()
        assert "grade.text" in line and "Welk cijfer, geeft u" in line

    def test_one_comma_more_around_a_name_fails(self, cli: Cli, questionnaires: Path) -> None:
        path = questionnaires / "inburgeren/questionnaire.yaml"
        path.write_text(path.read_text().replace("uw school: {provider}.", "uw school: {provider},"))
        checked = cli("audio", "check", "--language", "nl")
        assert checked.exit_code == 1
        assert "following_now.lead_in" in checked.stdout and "the text around it changed" in checked.stdout

    def test_they_are_small_and_nothing_but_clips(self) -> None:
        for language in [folder.name for folder in (ROOT / "audio").iterdir() if folder.is_dir()]:
            folder = ROOT / "audio" / language
            files = {path.name for path in folder.iterdir()}
            assert language in LANGUAGES
            assert files == {NAME, *(entry.file for entry in load(folder).entries.values())}
        size = sum(path.stat().st_size for path in (ROOT / "audio").rglob("*") if path.is_file())
        assert 1_000_000 < size < self.MOST_MB * 1_000_000
