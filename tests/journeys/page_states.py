"""Every state that a respondent's page can be in, one after the other, in any language."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Page

from app.clock import now
from app.database import writing
from app.fieldwork.rules import shipped_rules
from app.fieldwork.sending.opt_out_links import opt_out_link
from app.fieldwork.tables import Case, Token
from tests.conftest import SECRET, Environment
from tests.factories.cases import make_case, make_participation
from tests.surroundings.server import Served

SETTLED = """() => { const main = document.querySelector("main");
    return main && !main.dataset.old && document.readyState === "complete"
        && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling"); }"""
FIRST, LAST = 2018, 2026


class Walker:
    """Somebody with a browser, who knows the buttons by what they do and not by their words."""

    def __init__(self, server: Served, page: Page, language: str = "nl") -> None:
        self.server, self.page, self.language = server, page, language
        self._participations: dict[int, int] = {}

    def _at_home(self) -> Environment:
        return Environment(PEILWIJS_VAR_FOLDER=str(self.server.var_folder), PEILWIJS_SECRET_KEY=SECRET)

    def invited(self, year: int = LAST, **case: Any) -> str:
        """The link of a new case in the wave of a year that allows drafted translations."""
        with self._at_home():
            if year not in self._participations:
                rules = shipped_rules(date(year, 1, 1)).model_copy(update={"allow_drafted_translations": True})
                self._participations[year] = make_participation(
                    str(year),
                    f"Werkpad {year}" if year != LAST else "Werkpad",
                    starts_on=date(year, 1, 1),
                    ends_on=date(2099, 12, 31),
                    rules=rules.model_dump(mode="json"),
                )
            case = {"wording": "low_threshold", "language": self.language} | case
            made = make_case(self._participations[year], **case)
        self.case_id = made.case_id
        return f"{self.server.url}/v/{made.token}"

    def change(self, table: Any, **values: Any) -> None:
        """Changes the case or its tokens, as the office would."""
        of_case = table.__table__.c.id if table is Case else table.__table__.c.case_id
        with self._at_home(), writing() as connection:
            connection.execute(sa.update(table.__table__).where(of_case == self.case_id).values(values))

    def stored(self, look: Callable[[int], Any]) -> Any:
        """What stands in the site's database about the last invited case."""
        with self._at_home():
            return look(self.case_id)

    def go(self, address: str) -> None:
        self.page.goto(address if address.startswith("http") else self.server.url + address)

    def press(self, selector: str = "main .primary") -> None:
        """Presses a button and waits for the page that comes of it."""
        self.page.evaluate("() => { document.querySelector('main').dataset.old = 'yes'; }")
        self.page.locator(selector).first.click()
        self.page.wait_for_function(SETTLED)

    @property
    def code(self) -> str:
        """The code of the question that shows; "" on other pages."""
        path = self.page.url.split("?")[0]
        return path.rpartition("/")[2] if "/vragenlijst/" in path else ""

    def choose(self, place: int = 0) -> None:
        """Chooses an answer in every group, and types in what has to be typed."""
        for group in self.page.locator("main fieldset:not(:has(fieldset))").all():
            choices = group.locator("input[type=radio], input[type=checkbox]")
            if choices.count():
                choices.nth(place).check(force=True)
        for field in self.page.locator("main .number-input").all():
            if not field.get_attribute("name").endswith(".typed"):  # type: ignore[union-attr]
                field.fill("3")

    def until(self, code: str, most: int = 60, **places: int) -> None:
        """Answers until a question shows; `places`: which answer to take, by code of the question."""
        for _ in range(most):
            if self.code == code or (not self.code and self.page.url.endswith(code)):
                return
            if self.code:
                self.choose(places.get(self.code, 0))
            self.press()
        raise AssertionError(f"«{code}» never came; stopped at {self.page.url}")

    def at_the_door(self) -> Iterator[str]:
        """Before there is a questionnaire: the code, links that open nothing, errors, the statement."""
        asked = f"?taal={self.language}"
        self.go(f"/code{asked}")
        yield "code"
        self.page.locator("#code").fill("abcd-efgh-jkmn-pqrs")
        self.press()
        yield "wrong code"
        self.go(f"/v/unknown{asked}")
        yield "unknown link"
        self.go(f"/toegankelijkheid{asked}")
        yield "accessibility statement"
        self.go(f"/nergens{asked}")
        yield "no such page"
        link = self.invited()
        self.change(Token, revoked_at=now())
        self.go(link)
        yield "revoked link"
        link = self.invited()
        self.change(Case, disposition="opted_out")
        self.go(link)
        yield "opted out"
        yield from self._no_more_messages()

    def _no_more_messages(self) -> Iterator[str]:
        """The page behind the link in every e-mail, and what comes of its button."""
        self.invited()
        with self._at_home():
            address = opt_out_link(self.case_id).partition("/afmelden/")[2]
        self.go(f"/afmelden/{address}?taal={self.language}")
        yield "no more messages?"
        self.press()
        yield "no more messages"
        self.go(f"/afmelden/onbekend?taal={self.language}")
        yield "no more messages, unknown link"

    def easy(self) -> Iterator[str]:
        """An easy questionnaire from link to thanks, with everything that can happen on the way."""
        self.go(self.invited(FIRST, service=2))
        yield "introduction"
        self.press("main a[href='/oefenen']")
        yield "practice question"
        self.press()
        yield "practice question without answer"
        self.choose()
        self.press()
        yield "practised"
        self.press()
        yield "question with other, namely"
        self.page.locator("main input[type=radio]").last.check(force=True)
        yield "answer chosen, room for own words"
        self.until("contact_count")
        yield "number"
        self.page.locator("#v-contact_count").fill("vijf")
        self.press()
        yield "error"
        self.page.locator("#v-contact_count").fill("5")
        self.press()
        yield "question"
        self.press()
        yield "friendly question about no answer"
        self.page.locator("summary").click()
        yield "language menu open"
        yield from self._helped()
        self.until("fixed_contact")
        self.choose()
        self.press()
        yield "overview of a block"
        self.until("information")
        yield "satisfaction"
        self.until("complaint_text", grade=6)
        yield "open text"
        self.until("grade")
        yield "grade"
        self.until("benefit")
        yield "several answers"
        self.until("overzicht")
        yield "last overview"
        self.press("main a[href^='/vragenlijst/complaint?']")
        self.choose(1)
        self.press()
        yield "changed answer"
        self.go("/gestopt")
        yield "stopped"
        self.go("/overzicht")
        self.press()
        yield "thanks"
        self.go("/vragenlijst")
        yield "filled in already"

    def _helped(self) -> Iterator[str]:
        """Help, and a call that is asked for; back at the same question."""
        self.go(f"/vragenlijst/{self.code}")
        self.press(".bar [value=help]")
        yield "help"
        self.press("main [value=bel]")
        yield "call me"
        self.page.locator("#telefoon").fill("12")
        self.press()
        yield "call me, wrong number"
        self.page.locator("#telefoon").fill("06 12345678")
        self.press()
        yield "call noted"
        self.press("main a.primary")

    def regular(self) -> Iterator[str]:
        """Regular wording: several questions on a page, previous, tables, grades with a comma."""
        self.go(self.invited(LAST, service=1, wording="regular"))
        yield "regular introduction"
        self.press()
        yield "several questions"
        self.press()
        yield "several questions without answer"
        self.until("grade")
        self.page.locator("[id$=-typed]").fill("11,55")
        self.press()
        yield "grade out of range"
        self.go(self.invited(FIRST, service=2, wording="regular"))
        self.press()
        self.until("contact")
        self.choose(1)
        yield "grid"
        self.go(self.invited(LAST, kind="commissioner", service=None, wording="regular"))
        self.press()
        self.until("persons")
        yield "table of counts"
        self.page.locator("main .number-input").first.fill("drie")
        self.press()
        yield "table of counts, error"
        self.page.locator("main .number-input").first.fill("3")
        self.press()
        yield "table of grades"
        self.page.locator("main .number-input").first.fill("11")
        self.press()
        yield "table of grades, error"
