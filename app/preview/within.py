"""Keeps a respondent's page within the preview: its forms and links lead to steps of the preview.

The page itself is made by the same templates as always, which know nothing of previews. A link cannot carry the
answers so far without putting them in an address, so here it is a button of a form that carries them.
"""

from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser

from app.preview.setup import OPEN, START, STEP

FORM = "stap"  # id of the form that carries the try-out, for links
FIELD = "stand"  # name of the field that holds it
OUTSIDE = ("/geluid", "/static", "/toegankelijkheid", "/demo", "/kantoor", START)
Attributes = list[tuple[str, str | None]]


def within(html: str, sealed: str) -> str:
    """The page with every form and link of the respondent's turned into a step of the preview.

    Args:
        sealed: the try-out as it is now, which every form takes along.
    """
    parser = _Within(sealed)
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)


def _is_step(address: str | None) -> bool:
    return address is not None and address.startswith("/") and not address.startswith(OUTSIDE)


class _Within(HTMLParser):
    """Passes everything on as it is, but for the tags `form` and `a`."""

    def __init__(self, sealed: str) -> None:
        super().__init__(convert_charrefs=False)
        self.sealed = sealed
        self.parts: list[str] = []
        self.is_button = False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = dict(attrs)
        kept: Attributes = [(name, value) for name, value in attrs if not name.startswith("hx-")]
        if tag == "form" and _is_step(given.get("action")):
            self._open(tag, [(name, STEP + str(value) if name == "action" else value) for name, value in kept])
            self._open("input", [("type", "hidden"), ("name", FIELD), ("value", self.sealed)])
        elif tag == "a" and _is_step(given.get("href")):
            self.is_button = True
            own: Attributes = [(name, value) for name, value in kept if name not in ("href", "class")]
            looks = f"{given.get('class') or ''} as-link".strip()
            to = OPEN + str(given["href"])
            self._open("button", [("class", looks), ("form", FORM), ("formaction", to), *own])
        else:
            self.parts.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.parts.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.is_button:
            tag, self.is_button = "button", False
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")

    def _open(self, tag: str, attributes: Iterable[tuple[str, str | None]]) -> None:
        written = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attributes)
        self.parts.append(f"<{tag}{written}>")
