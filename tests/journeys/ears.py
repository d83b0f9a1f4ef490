"""Somebody who would rather listen: their browser, and the clips that a test gives it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from app.speech.clips import LOOK_EVERY_SECONDS
from app.speech.manifest import load
from tests.factories.clips import keep_clip
from tests.journeys.site import Site

Arrive = Callable[..., Page]

# Writes down what is played and what is lit up; the sound itself is real.
EARS = """
    window.played = []; window.lit = [];
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
        window.sound = this;
        window.played.push(this.getAttribute("src"));
        return play.call(this);
    };
    new MutationObserver((changes) => {
        const begun = changes.filter((change) => !(change.oldValue || "").includes("being-read"));
        for (const one of new Set(begun.map((change) => change.target)))
            if (one.classList.contains("being-read")) window.lit.push(one.innerText.trim());
    }).observe(document, {attributes: true, attributeFilter: ["class"], attributeOldValue: true, subtree: true});
"""
# A browser with a voice of its own. It takes `window.pace` milliseconds for a text.
VOICE = """
    window.spoken = []; window.rates = []; window.pace = 30; window.cancelled = 0;
    class Voices extends EventTarget {
        getVoices() { return LIST; }
        get speaking() { return Boolean(this.now); }
        cancel() { if (this.now) window.cancelled += 1; clearTimeout(this.timer); this.now = null; }
        speak(one) {
            if (this.now) throw new Error("two voices at once");
            this.now = one;
            window.spoken.push(one.text);
            window.rates.push(one.rate);
            setTimeout(() => one.onstart && one.onstart(), 0);
            this.timer = setTimeout(() => { this.now = null; one.onend && one.onend(); }, window.pace);
        }
    }
    Object.defineProperty(window, "speechSynthesis", {value: new Voices()});
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
DUTCH = VOICE.replace("LIST", '[{lang: "nl_NL", name: "Dutch", localService: true}]')
ENGLISH = VOICE.replace("LIST", '[{lang: "en-GB", name: "English", localService: true}]')
LATE = VOICE.replace("LIST", 'window.has ? [{lang: "nl", name: "Dutch", localService: true}] : []')
ELSEWHERE = VOICE.replace("LIST", '[{lang: "nl-NL", name: "A service elsewhere", localService: false}]')


class Listening:
    """A site whose clips a test chooses, and somebody before its first question."""

    def __init__(self, site: Site, participation_id: int, audio_folder: Path, arrive: Arrive) -> None:
        self.site, self.participation_id, self.folder, self.arrive = site, participation_id, audio_folder / "nl", arrive

    def link(self, wording: str = "low_threshold") -> str:
        return self.site.invite(participation_id=self.participation_id, service=6, wording=wording)

    def open(self, *scripts: str, wording: str = "low_threshold", **options: Any) -> Page:
        page = self.arrive(**options)
        for script in (EARS, *scripts):
            page.add_init_script(script)
        page.goto(self.link(wording))
        page.get_by_role("button", name="Begin", exact=True).click()
        page.wait_for_url(re.compile("had_contact"))
        return page

    def record(self, page: Page, *, kind: str = "human", seconds: float = 0.3) -> list[str]:
        """Gives everything on this page a clip, then loads the page again; returns its texts."""
        texts = texts_on(page)
        for number, text in enumerate(texts):
            keep_clip(self.folder, text, kind=kind, seed=number, seconds=seconds)
        page.wait_for_timeout(LOOK_EVERY_SECONDS * 1000)
        page.reload()
        expect(page.locator("audio").first).to_be_attached()
        return texts

    def lose(self, text: str) -> None:
        """A clip's file is gone, its entry is not."""
        (self.folder / self.file_of(text)).unlink()

    def file_of(self, text: str) -> str:
        entry = load(self.folder).find(text)
        assert entry
        return entry.file


def texts_on(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("main [data-speak]").all_inner_texts() if text.strip()]


def listen(page: Page) -> None:
    page.get_by_role("button", name="Luister", exact=True).click()


def wait_until_silent(page: Page) -> None:
    page.wait_for_function("() => window.lit.length && !document.querySelector('.being-read')", timeout=20_000)
