"""What agents speak."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.callcentre.tables import agent_table
from app.database import insert
from app.errors import Invalid
from app.language import LANGUAGES, SOURCE_LANGUAGE


def languages_of(connection: Connection, user_id: int) -> tuple[str, ...]:
    """The languages of an agent; Dutch, unless the supervisor set others."""
    found = connection.scalar(sa.select(agent_table.c.languages).where(agent_table.c.user_id == user_id))
    return tuple(found) if found else (SOURCE_LANGUAGE,)


def set_languages(connection: Connection, user_id: int, languages: Iterable[str]) -> None:
    """Sets what an agent speaks.

    Raises:
        Invalid: when it is none of our languages.
    """
    chosen = [language for language in LANGUAGES if language in set(languages)]
    if not chosen:
        raise Invalid("an agent speaks at least one of our languages; choose one")
    statement = insert(connection, agent_table).values(user_id=user_id, languages=chosen)
    new = {"languages": statement.excluded.languages}
    connection.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=new))


def spoken(connection: Connection) -> set[str]:
    """Every language that some agent speaks."""
    rows = connection.scalars(sa.select(agent_table.c.languages))
    return {SOURCE_LANGUAGE}.union(*(set(row) for row in rows))
