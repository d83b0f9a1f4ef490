"""The manuals of exports and of the programming interface say what the code does."""

from app.results.api import tokens
from app.results.api.admission import CALLS, FAILURES
from app.results.api.application import api_app
from app.results.commands import ResponsesFormat
from app.results.exports import spss
from app.settings import ROOT

EXPORTS = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_format_is_explained() -> None:
    assert [one.value for one in ResponsesFormat if f"| `{one.value}` |" not in EXPORTS] == []
    for code, words in spss.MISSING.items():
        assert f"`{code:g}`" in EXPORTS
        assert words in EXPORTS


def test_every_address_and_kind_of_token_is_explained() -> None:
    assert [path for path in api_app().openapi()["paths"] if f"| `{path}` |" not in API] == []
    assert [kind for kind in tokens.KINDS if f"`{kind}`" not in API] == []
    assert f"call {CALLS.amount} times" in API
    assert f"After {FAILURES.amount} calls" in API
    assert f"at most {tokens.MOST_DAYS}" in API
