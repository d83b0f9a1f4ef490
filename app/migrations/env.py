"""Runs the migrations on the connection that `app.schema.migrate` opened: one transaction, one migrator at a time."""

from typing import Any, Literal

from alembic import context
from sqlmodel import AutoString, SQLModel

import app.callcentre.tables
import app.collection.tables
import app.fieldwork.tables
import app.reports.tables
import app.results.api.tables
import app.results.exports.tables
import app.results.figures.tables
import app.results.screening.tables  # noqa: F401
from app.database import UtcDateTime


def _render(kind: str, item: Any, _context: object) -> str | Literal[False]:
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def _is_ours(_item: object, name: str | None, kind: str, *_: object) -> bool:
    return not (kind == "table" and (name or "").startswith("huey_"))  # the job queue makes its own tables


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    render_item=_render,
    include_object=_is_ours,
    user_module_prefix="sa.",
)
with context.begin_transaction():
    context.run_migrations()
