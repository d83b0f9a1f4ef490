"""Who reads with difficulty hears every text of every easy page; and a page never fails for want of sound."""

import re
import shutil
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import lxml.html
import pytest

from app.settings import ROOT
from app.speech.clips import LOOK_EVERY_SECONDS
from app.speech.manifest import NAME
from tests.factories.cases import make_case, make_participation
from tests.factories.respondent import Respondent
from tests.surroundings.environment import SECRET, Environment

pytestmark = pytest.mark.usefixtures("database")
EASY = {"inburgeren": (2026, 11), "arbeid-2022": (2026, 3), "arbeid-2018": (2018, 1)}  # year and service
MANY = {"inburgeren": 20, "arbeid-2022": 30, "arbeid-2018": 25}  # screens that hold at least one text


def silent_texts(html: str) -> Iterator[str]:
    """The texts marked to be read on a page that no clip reads."""
    tree = lxml.html.document_fromstring(html)
    labelled = {name for clip in tree.iter("audio") for name in (clip.get("aria-labelledby") or "").split()}
    for element in tree.iter():
        if element.get("data-speak") is not None:
            ids = {inner.get("id") for inner in element.iter()}
            if not ids & labelled:
                yield " ".join("".join(element.itertext()).split())


class Listener(Respondent):
    """Goes through a questionnaire and writes down what could not be heard."""

    def __init__(self) -> None:
        super().__init__()
        self.silent: dict[str, str] = {}
        self.n_pages = 0

    def look(self) -> "Listener":
        self.n_pages += "data-speak" in self.text
        self.silent |= {text: self.path for text in silent_texts(self.text)}
        return self

    def go_through(self) -> None:
        """Every screen, first with nothing filled in, so that what is said then is met too."""
        for _ in range(200):
            self.look()
            if self.path == "/bedankt":
                return
            if self.path.startswith("/vragenlijst/"):
                self.send()
                self.look()
                self.answer_anything() if self.choices() or "<textarea" in self.text else self.send({})
                if self.response.status_code == 422:
                    self.look().send(action="skip")
            elif link := re.search(r'class="button primary" href="([^"]+)"', self.text):
                self.get(link[1])
            else:
                self.send()
        raise AssertionError(f"the end was not reached; stopped at {self.path}")


def arrived(questionnaire: str, name: str = "Werkpad") -> Listener:
    year, service = EASY[questionnaire]
    participation = make_participation(
        str(year), name, starts_on=date(year, 1, 1), ends_on=date(2099, 12, 31), rules=rules_of(year)
    )
    invited = make_case(participation, service=service, wording="low_threshold")
    listener = Listener()
    listener.open(invited.token)
    assert listener.path == "/vragenlijst", listener.text[:2000]
    return listener


def rules_of(year: int) -> object:
    from app.fieldwork.rules import shipped_rules

    return shipped_rules(date(year, 1, 1)).model_dump(mode="json")


@pytest.mark.parametrize("questionnaire", EASY)
def test_every_text_from_introduction_to_thanks_is_heard(questionnaire: str) -> None:
    listener = arrived(questionnaire)
    listener.go_through()
    assert listener.silent == {}
    assert listener.n_pages >= MANY[questionnaire]
    addresses = set(re.findall(r'src="(/geluid/[^"]+)"', listener.text))
    assert addresses
    for address in addresses:
        assert listener.client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address", ["/oefenen", "/hulp", "/hulp/bel-mij", "/hulp/genoteerd", "/gestopt", "/code", "/x"]
)
def test_every_page_around_the_questions_is_heard(address: str) -> None:
    listener = arrived("inburgeren")
    listener.send()
    listener.get(address).look()
    assert listener.silent == {}
    assert listener.n_pages == 1, "this page has nothing to hear at all"


def test_an_error_with_a_number_in_it_is_heard() -> None:
    listener = arrived("arbeid-2018")
    listener.send()
    listener.go_on_until_name("contact_count")
    listener.send({"contact_count": "veel"})
    assert listener.response.status_code == 422
    assert "99" in listener.text
    assert listener.look().silent == {}


def noticed() -> None:
    """Waits until the pages look again for what somebody else did to the clips."""
    time.sleep(LOOK_EVERY_SECONDS)


class TestWithoutSound:
    """The drill: clips are gone, or their list is damaged, while people answer."""

    @pytest.fixture
    def audio(self, tmp_path: Path, database: str) -> Iterator[Path]:
        folder = tmp_path / "audio"
        shutil.copytree(ROOT / "audio" / "nl", folder / "nl")
        with Environment(
            PEILWIJS_VAR_FOLDER=str(tmp_path),
            PEILWIJS_DATABASE_URL=database,
            PEILWIJS_SECRET_KEY=SECRET,
            PEILWIJS_AUDIO_FOLDER=str(folder),
        ):
            yield folder / "nl"

    def test_files_that_are_gone_are_not_found_and_the_pages_go_on(self, audio: Path) -> None:
        listener = arrived("inburgeren")
        for clip in audio.glob("*.mp3"):
            clip.unlink()
        listener.send()
        assert listener.path.startswith("/vragenlijst/")
        addresses = re.findall(r'src="(/geluid/[^"]+)"', listener.text)
        assert addresses, "the player is told, and falls back by itself"
        for address in addresses:
            answer = listener.client.get(address, headers={"Range": "bytes=0-"})
            assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
        listener.go_on_until("/overzicht").send()
        assert listener.path == "/bedankt"

    @pytest.mark.parametrize("damage", ["", "{", '{"clips": 3}', None])
    def test_a_damaged_or_missing_list_takes_at_most_the_sound(self, audio: Path, damage: str | None) -> None:
        listener = arrived("inburgeren", name="Nooit eerder gezien")
        if damage is None:
            shutil.rmtree(audio)
        else:
            (audio / NAME).write_text(damage)
        noticed()
        listener.send()
        assert listener.path.startswith("/vragenlijst/")
        is_last_good_kept = damage is not None
        assert ("<audio" in listener.text) is is_last_good_kept
        listener.go_on_until("/overzicht").send()
        assert listener.path == "/bedankt"

    def test_a_new_clip_is_on_the_next_page_without_a_restart(self, audio: Path) -> None:
        listener = arrived("inburgeren")
        shown = re.findall(r'src="(/geluid/[^"]+)"', listener.send().text)
        kept = audio / NAME
        text = kept.read_text()
        kept.write_text('{"clips": {}}')
        noticed()
        listener.get(listener.path)
        assert "<audio" not in listener.text
        kept.write_text(text)
        noticed()
        assert re.findall(r'src="(/geluid/[^"]+)"', listener.get(listener.path).text) == shown

    def test_what_cannot_be_heard_is_noticed_by_these_tests(self, audio: Path) -> None:
        shutil.rmtree(audio)
        listener = arrived("inburgeren").look()
        assert {"Wat vindt u van uw school?", "Begin"} <= set(listener.silent)
        listener.go_through()
        assert {"Volgende", "Hoe geeft uw leraar les?", "Dank u wel!", "10"} <= set(listener.silent)
