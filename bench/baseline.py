"""What a bare application costs: Starlette, Jinja2 and one upserted row, without anything that Peilwijs adds.

The same SQLite build, pragmas and number of threads as ours; a page shows three questions of five options, which is
what our pages show on average. Served by `uvicorn --factory bench.baseline:create`.
"""

import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
import pysqlite3
from jinja2 import Environment
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

PAGE = """<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><title>{{ title }}</title><link rel="stylesheet" href="/style.css"></head>
<body><main><form method="post" action="/page/{{ number }}">
{% for question in questions %}
<fieldset><legend>{{ question.text }}</legend>
{% for option in question.options %}
<label><input type="radio" name="{{ question.code }}" value="{{ option.code }}"> {{ option.text }}</label>
{% endfor %}
</fieldset>
{% endfor %}
<button>Volgende</button></form></main></body></html>
"""
OPTIONS = [{"code": f"option_{n}", "text": f"Het antwoord met nummer {n}"} for n in range(5)]
QUESTIONS = [{"code": f"question_{n}", "text": f"Wat vindt u van onderdeel {n}?", "options": OPTIONS} for n in range(3)]
UPSERT = (
    "INSERT INTO answer (respondent, code, value) VALUES (?, ?, ?) "
    "ON CONFLICT (respondent, code) DO UPDATE SET value = excluded.value"
)
_thread = threading.local()
_template = Environment(autoescape=True).from_string(PAGE)


def _connection() -> Any:
    if not hasattr(_thread, "connection"):
        _thread.connection = pysqlite3.dbapi2.connect(os.environ["BASELINE_DATABASE"], isolation_level=None)
        for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            _thread.connection.execute(f"PRAGMA {pragma}")
    return _thread.connection


def _store(respondent: str, code: str, value: str) -> None:
    connection = _connection()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(UPSERT, (respondent, code, value))
    connection.execute("COMMIT")


async def answer(request: Request) -> HTMLResponse:
    """Stores one answer and shows the next page."""
    number = request.path_params["number"]
    form = await request.form()
    await anyio.to_thread.run_sync(_store, str(form["respondent"]), f"question_{number}", str(form["question_0"]))
    return HTMLResponse(_template.render(title="Vragenlijst", number=number + 1, questions=QUESTIONS))


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = 4
    _connection().execute(
        "CREATE TABLE IF NOT EXISTS answer (respondent TEXT, code TEXT, value TEXT, PRIMARY KEY (respondent, code)) "
        "WITHOUT ROWID"
    )
    yield


def create() -> Starlette:
    """The bare application."""
    return Starlette(routes=[Route("/page/{number:int}", answer, methods=["POST"])], lifespan=_lifespan)
