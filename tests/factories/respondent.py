"""A respondent with a browser that knows no JavaScript: reads forms, fills them in, posts them."""

import re
from collections.abc import Mapping
from typing import Any

import lxml.html
from starlette.testclient import TestClient

from app.main import create


class Respondent:
    """One person on one device."""

    def __init__(self, app: Any = None) -> None:
        self.client = TestClient(app or create(), base_url="http://localhost:8000")
        self.response: Any = None
        self._read: tuple[Any, Any] = (None, None)

    def get(self, address: str, **headers: str) -> "Respondent":
        self.response = self.client.get(address, headers=headers)
        return self

    def open(self, token: str) -> "Respondent":
        return self.get(f"/v/{token}")

    @property
    def path(self) -> str:
        return str(self.response.url.path)

    @property
    def text(self) -> str:
        return str(self.response.text)

    @property
    def tree(self) -> Any:
        """The page, read once: reading takes longer than making it."""
        if self._read[0] is not self.response:
            self._read = (self.response, lxml.html.document_fromstring(self.text))
        return self._read[1]

    @property
    def title(self) -> str:
        return (self.tree.find(".//title").text or "").strip()

    def form(self) -> Any:
        return self.tree.find(".//form")

    def filled_in(self) -> dict[str, list[str]]:
        """What the form would send as it stands."""
        fields: dict[str, list[str]] = {}
        for field in (found for found in self.form().iter() if found.tag in ("input", "textarea")):
            name, kind = field.get("name"), field.get("type")
            if not name or (kind in ("radio", "checkbox") and field.get("checked") is None):
                continue
            value = field.text or "" if field.tag == "textarea" else field.get("value", "on")
            fields.setdefault(name, []).append(value)
        return fields

    def choices(self) -> dict[str, list[str]]:
        """Offered values per radio or checkbox name."""
        offered: dict[str, list[str]] = {}
        for field in self.form().iter("input"):
            if field.get("type") in ("radio", "checkbox"):
                offered.setdefault(field.get("name"), []).append(field.get("value"))
        return offered

    def send(
        self, answers: Mapping[str, str | list[str]] | None = None, action: str = "next", **headers: str
    ) -> "Respondent":
        """Posts the form of this page with these answers filled in."""
        fields = self.filled_in() | {
            name: value if isinstance(value, list) else [value] for name, value in (answers or {}).items()
        }
        address = self.form().get("action")
        self.response = self.client.post(address, data=fields | {"actie": [action]}, headers=headers)
        return self

    def answer_anything(self) -> "Respondent":
        """The first option of every question, and words where words are asked."""
        answers: dict[str, str | list[str]] = {}
        for name, values in self.choices().items():
            answers[name] = values[0]
        for name in re.findall(r'<textarea id="v-[^"]*" name="([^"]+)"', self.text):
            answers[name] = "Het ging goed."
        for name in re.findall(
            r'<input class="number-input" type="text" inputmode="(?:numeric|decimal)"[^>]* name="([^"]+)"', self.text
        ):
            answers[name] = "3"
        return self.send(answers)

    def go_on_until_name(self, name: str, most: int = 90) -> "Respondent":
        """Answers whatever is asked until a field of this name is on the page."""
        for _ in range(most):
            if f'name="{name}"' in self.text:
                return self
            self.answer_anything()
        raise AssertionError(f"no page asked for {name}")

    def go_on_until(self, path: str, most: int = 90) -> "Respondent":
        """Answers whatever is asked until this address is reached."""
        for _ in range(most):
            if self.path == path:
                return self
            link = re.search(r'class="button primary" href="([^"]+)"', self.text)
            if link and self.path.startswith("/overzicht/"):
                self.get(link[1])
            else:
                self.answer_anything()
        raise AssertionError(f"{path} was not reached; stopped at {self.path}")
