"""What a bare application costs: Starlette, Jinja2 and one upserted row, without anything that Peilwijs adds.

The same stack otherwise: the same SQLite build and pragmas, one prebuilt SQLAlchemy Core statement in a transaction of
its own, the same number of threads, and a page with the same markup as ours that shows three questions of five
options, which is what our pages show on average. Served by `uvicorn --factory bench.baseline:create`.
"""

import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import anyio.to_thread
import sqlalchemy as sa
from jinja2 import Environment
from sqlalchemy.dialects import sqlite
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app.database import make_engine
from app.settings import settings

PAGE = """<title>{{ title }}</title>
<main id="scherm" tabindex="-1">
<div class="progress">
<progress max="100" value="{{ number }}" aria-label="Hoe ver u bent">{{ number }}%</progress></div>
<form method="post" action="/page/{{ number }}" hx-post="/page/{{ number }}" hx-target="#scherm" hx-sync="this:drop">
<h1 class="block-title">{{ title }}</h1>
{% for question in questions %}
<div class="question" data-question>
<fieldset class="scale" aria-describedby="h-{{ question.code }}">
  <legend><span class="question-text" data-speak>{{ question.text }}</span></legend>
  <p class="hint" id="h-{{ question.code }}" data-speak>{{ question.hint }}</p>
  <div class="cards scale-cards">
    {% for option in question.options %}
    <label class="card s-{{ option.code }}">
      <input type="radio" name="{{ question.code }}" value="{{ option.code }}"
        id="v-{{ question.code }}-{{ option.code }}">
      <span class="card-text" data-speak>{{ option.text }}</span>
    </label>
    {% endfor %}
  </div>
</fieldset>
</div>
{% endfor %}
<div class="actions"><button class="primary" name="actie" value="next">Volgende</button>
<button class="quiet" name="actie" value="stop">Stoppen voor nu</button></div>
</form>
</main>
"""
OPTIONS = [{"code": f"option_{n}", "text": f"Het antwoord met nummer {n}"} for n in range(5)]
QUESTIONS = [
    {"code": f"question_{n}", "text": f"Wat vindt u van onderdeel {n}?", "hint": "Kies wat past.", "options": OPTIONS}
    for n in range(3)
]
_table = sa.Table(
    "answer",
    sa.MetaData(),
    sa.Column("respondent", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("value", sa.Text),
    sqlite_with_rowid=False,
)
_insert = sqlite.insert(_table)
UPSERT = _insert.on_conflict_do_update(index_elements=["respondent", "code"], set_={"value": _insert.excluded["value"]})
_writing = threading.Lock()
_template = Environment(autoescape=True).from_string(PAGE)


@cache
def _engine() -> sa.Engine:
    return make_engine(f"sqlite:///{os.environ['BASELINE_DATABASE']}").execution_options(is_writing=True)


def _store(respondent: str, code: str, value: str) -> None:
    with _writing, _engine().begin() as connection:
        connection.execute(UPSERT, {"respondent": respondent, "code": code, "value": value})


async def answer(request: Request) -> HTMLResponse:
    """Stores one answer and shows the next page."""
    number = request.path_params["number"]
    form = await request.form()
    await anyio.to_thread.run_sync(_store, str(form["respondent"]), f"question_{number}", str(form["question_0"]))
    return HTMLResponse(_template.render(title="Vragenlijst", number=number + 1, questions=QUESTIONS))


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings().request_threads
    _table.create(_engine(), checkfirst=True)
    yield


def create() -> Starlette:
    """The bare application."""
    return Starlette(routes=[Route("/page/{number:int}", answer, methods=["POST"])], lifespan=_lifespan)
