"""An agent with a keyboard and nothing else: from the queue to a finished interview, and on to the next case."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app import main
from app.accounts import sessions
from app.database import writing
from app.results.api.application import api_app
from app.schema import migrate
from app.web.access import Role
from tests.factories.calls import called_participation, dutch, queued, state
from tests.factories.office import make_user
from tests.factories.stored import answers_of, interview_of
from tests.journeys.measuring import AXE_OPTIONS
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.server import free_port

pytestmark = pytest.mark.browser
EVENING = dutch("11-03 18:00")  # Tuesday: whenever this test runs, it is an hour at which people are called
# a browser without a telephone: what would be dialled is kept
TELEPHONE = """
    document.addEventListener("click", (event) => {
        const link = event.target.closest('a[href^="tel:"]');
        if (link) { window.dialled = link.getAttribute("href"); event.preventDefault(); }
    });
"""


@pytest.fixture
def office(var_folder: Path) -> Iterator[str]:
    """The address of an office in this process, where it is Tuesday evening."""
    port = free_port()
    url = f"http://localhost:{port}"
    own = {"PEILWIJS_VAR_FOLDER": str(var_folder), "PEILWIJS_SECRET_KEY": SECRET, "PEILWIJS_PUBLIC_URL": url}
    with Environment(**own), time_machine.travel(EVENING, tick=True):
        migrate()
        house = main.House(main.respondent_app(), main.office_app(), api_app())
        server = uvicorn.Server(uvicorn.Config(main.guarded(house), port=port, log_level="warning"))
        running = threading.Thread(target=server.run, daemon=True)
        running.start()
        while not server.started:
            time.sleep(0.02)
        yield url
        server.should_exit = True
        running.join(10)


class Agent:
    """Somebody who calls, and touches no mouse."""

    def __init__(self, page: Page, url: str, role: Role = Role.AGENT) -> None:
        self.page, self.url = page, url
        made = make_user(role)
        with writing() as connection:
            key = sessions.start(connection, made.id, "Chrome, Linux", is_complete=True)
        page.context.add_cookies([{"name": "peilwijs-office", "value": key, "url": url}])
        page.add_init_script(TELEPHONE)

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def press(self, key: str, then: str) -> None:
        """A key, and what must be on the screen after it."""
        self.page.keyboard.press(key)
        expect(self.page.locator(then)).to_be_attached()
        self.until("!isBusy")

    def until(self, condition: str) -> None:
        """Waits for something that only a script can see; what waits in the page itself may not evaluate strings."""
        for _ in range(200):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(condition)

    def answer(self) -> None:
        """Chooses the first answer, or types one, and goes on."""
        before = self.page.locator("[data-asks]").get_attribute("action")
        if self.page.locator("[data-asks] .question :is([type=radio], [type=checkbox])").count():
            self.page.keyboard.press("1")
        else:
            self.page.keyboard.type("7")
        self.press("Enter", f"[data-asks]:not([action='{before}']), form[action$='/klaar']")

    def judge(self, *, fits: bool = True) -> None:
        """No fault of accessibility, narrow in the dark and wide in the light; on a usual screen nothing to scroll."""
        for width, height, scheme in ((360, 740, "dark"), (1280, 800, "light")):
            self.page.emulate_media(color_scheme=scheme)
            self.page.set_viewport_size({"width": width, "height": height})
            found = Axe().run(self.page, options=AXE_OPTIONS).response["violations"]
            faults = [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]
            assert faults == [], (self.page.url, width, scheme)
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, (self.page.url, width)
        if fits:
            assert self.page.evaluate(
                "[document.documentElement, ...document.querySelectorAll('.body')]"
                ".every((one) => one.scrollHeight <= one.clientHeight + 1)"
            ), self.page.url


def test_a_whole_call_by_keyboard(office: str, person: Callable[..., Page]) -> None:
    one, other = queued(called_participation(), 2, EVENING, service=6)
    agent = Agent(person(width=1280, height=800, reduced_motion="reduce"), office)
    agent.open("/kantoor/bellen")
    agent.judge()
    agent.press("Enter", ".who .why")
    first = one if str(one) in agent.page.url else other
    agent.judge()
    agent.press("b", "[data-dial]")
    agent.until("window.dialled === 'tel:+31201234567'")
    agent.press("Enter", "[data-asks]")
    agent.judge()
    for _ in range(60):
        if agent.page.locator("form[action$='/klaar']").count():
            break
        agent.answer()
    agent.judge(fits=False)
    agent.press("Enter", "[data-outcomes]")
    agent.press("Enter", ".who .numbers")
    assert interview_of(first).finished_at is not None and interview_of(first).mode == "phone"
    assert state(first).last_outcome == "complete"

    second = other if first == one else one
    assert str(second) in agent.page.url
    agent.press("b", "[data-dial]")
    agent.press("Escape", "[data-outcomes]")
    agent.judge()
    agent.page.keyboard.press("w")
    expect(agent.page.locator("#bij")).to_be_focused()
    agent.press("Enter", "#fouten")  # a refusal without a note
    agent.page.keyboard.press(".")
    agent.page.keyboard.type("Heeft het druk")
    agent.press("Enter", ".ready .notice")
    assert state(second).last_outcome == "soft_refusal"


def test_breaking_off_notes_and_an_appointment_by_keyboard(office: str, person: Callable[..., Page]) -> None:
    (case_id,) = queued(called_participation(), 1, EVENING, service=6)
    agent = Agent(person(width=1280, height=800, locale="nl-NL", reduced_motion="reduce"), office)
    agent.open("/kantoor/bellen")
    agent.press("Enter", ".who .numbers")
    agent.press("b", "[data-dial]")
    agent.press("Enter", "[data-asks]")
    agent.page.keyboard.press(".")
    agent.page.keyboard.type("Zit in de trein")
    agent.press("Enter", ".jotted.is-kept")
    agent.page.keyboard.press("1")
    agent.press("Escape", "[data-outcomes]")
    assert answers_of(case_id) == {"had_contact": "yes"}
    expect(agent.page.locator("#bij")).to_have_value("Zit in de trein")
    agent.page.keyboard.press("a")
    expect(agent.page.locator("#dag")).to_be_focused()
    agent.judge()
    agent.page.keyboard.type("11112026")  # the same, whether the browser puts the month or the day first
    while not agent.page.evaluate("document.activeElement.id === 'tijd'"):
        agent.page.keyboard.press("Tab")
    agent.page.keyboard.type("0930A")
    agent.press("Enter", ".ready .notice")
    after = state(case_id)
    assert (after.stage, after.due_at) == ("appointment", dutch("11-11 09:30"))


def test_the_supervisors_screen_renews_itself(office: str, person: Callable[..., Page]) -> None:
    here = called_participation()
    queued(here, 2, EVENING, service=6)
    supervisor = Agent(person(width=1280, height=800, reduced_motion="reduce"), office, Role.SUPERVISOR)
    supervisor.open("/kantoor/belteam")
    expect(supervisor.page.locator("#live-stand")).to_have_text("Ververst vanzelf")
    supervisor.judge(fits=False)
    expect(supervisor.page.locator(".tiles dd").first).to_have_text("2")
    queued(here, 1, EVENING, service=6)
    expect(supervisor.page.locator(".tiles dd").first).to_have_text("3", timeout=15_000)
