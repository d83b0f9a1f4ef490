"""Questionnaire versions: the one being served now, and the one an interview started with.

A version is its files, stored once under their content hash; whoever started with it finishes with it.
"""

import json

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.clock import now
from app.collection.tables import QuestionnaireVersion
from app.database import insert
from app.definition.load import Definition, load
from app.errors import NotFound
from app.fieldwork import questionnaires

_table = QuestionnaireVersion.__table__  # type: ignore[attr-defined]
_loaded: dict[str, Definition] = {}  # by content hash, so an entry never goes stale


def current(name: str) -> Definition:
    """The questionnaire of this name as it is served now; see `fieldwork.questionnaires.current`."""
    definition = questionnaires.current(name)
    _loaded[definition.content_hash] = definition
    return definition


def store_version(connection: Connection, definition: Definition) -> str:
    """Stores the version if it is new; returns its content hash."""
    version = definition.content_hash
    known = connection.execute(sa.select(_table.c.hash).where(_table.c.hash == version)).first()
    if known is None:
        row = {"hash": version, "name": definition.name, "source": definition.stored_source, "stored_at": now()}
        connection.execute(insert(connection, _table).values(row).on_conflict_do_nothing())
    return version


def by_hash(connection: Connection, version: str) -> Definition:
    """The version an interview is pinned to.

    Raises:
        NotFound: when it was never stored.
    """
    if version not in _loaded:
        source = connection.execute(sa.select(_table.c.source).where(_table.c.hash == version)).scalar()
        if source is None:
            raise NotFound(f"the questionnaire version {version[:12]} is not in this database; restore the back-up")
        _loaded[version] = load(json.loads(source))
    return _loaded[version]
