"""PostgreSQL databases for tests, emptied and lent again.

Making a database by copying costs a hundred milliseconds and hundreds of files, emptying one a few: so a test gets one
that an earlier test had, as long as that one did not change its shape.
"""

import uuid
from contextlib import suppress
from functools import cached_property

import sqlalchemy as sa

from app.database import make_engine

LET_GO = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# Tables, columns, constraints, triggers, functions and settings: what a test may not leave changed.
SHAPE = """
    SELECT md5(string_agg(one, ';' ORDER BY one)) FROM (
        SELECT concat_ws(' ', relname, relkind, relpersistence) AS one FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull, attisdropped)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
        UNION ALL SELECT concat_ws(' ', proname, md5(prosrc)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', setconfig) FROM pg_db_role_setting
    ) AS every
"""
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
BEGIN_AGAIN = """
    SELECT setval(pg_class.oid, 1, false) FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
"""
MOST_BYTES = 60_000_000  # an emptied table keeps its pages: what has grown is made anew


class PostgresDatabases:
    """Makes, lends, empties and drops databases on the test server."""

    def __init__(self, server: sa.URL) -> None:
        self.server = server
        self._engine = self._engine_of(server.database or "postgres")
        self._spare: list[str] = []
        self._as_new: tuple[str, dict[str, str]] | None = None

    @cached_property
    def _strategy(self) -> str:
        """Copying files is several times faster than writing each page to a log; servers know it from 15 on."""
        with self._engine.connect() as connection:
            version = connection.dialect.server_version_info
        return "STRATEGY file_copy" if version and version >= (15,) else ""

    def address(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def say(self, sql: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(sql)

    def make(self, template: str = "template0") -> str:
        name = f"peilwijs_{uuid.uuid4().hex}"
        self.say(f"CREATE DATABASE {name} TEMPLATE {template} {self._strategy}")
        return name

    def drop(self, name: str) -> None:
        self.say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def lend(self, template: str) -> str:
        """A database like the template: one that came back, or a new copy."""
        if self._as_new is None:
            self._as_new = self._look(template)
        return self._spare.pop() if self._spare else self.make(template)

    def take_back(self, name: str) -> None:
        """Empties it for the next test, or drops it when that is not enough."""
        with suppress(sa.exc.DBAPIError):  # a test may have been hard on it
            if self._emptied(name):
                self._spare.append(name)
                return
        self.drop(name)

    def close(self) -> None:
        for name in self._spare:
            self.drop(name)
        self._engine.dispose()

    def _engine_of(self, name: str) -> sa.Engine:
        return make_engine(self.address(name)).execution_options(isolation_level="AUTOCOMMIT")

    def _look(self, template: str) -> tuple[str, dict[str, str]]:
        """The shape, and per table the rows that it begins with as JSON."""
        engine = self._engine_of(template)
        with engine.connect() as connection:
            shape = connection.exec_driver_sql(SHAPE).scalar_one()
            rows = {
                table: connection.exec_driver_sql(f'SELECT json_agg(t)::text FROM "{table}" t').scalar_one()
                for table in connection.exec_driver_sql(TABLES).scalars()
            }
        engine.dispose()
        return shape, rows

    def _emptied(self, name: str) -> bool:
        assert self._as_new
        shape, rows = self._as_new
        engine = self._engine_of(name)
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(LET_GO)
                if connection.exec_driver_sql(SHAPE).scalar_one() != shape:
                    return False
                # Without triggers and foreign keys: neither the order nor the append-only log stands in the way.
                connection.exec_driver_sql("SET session_replication_role = replica")
                connection.exec_driver_sql("; ".join(f'DELETE FROM "{table}"' for table in rows))
                for table, begun_with in rows.items():
                    if begun_with:
                        again = f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(NULL::"{table}", %s)'
                        connection.exec_driver_sql(again, (begun_with,))
                connection.exec_driver_sql(BEGIN_AGAIN)
                size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
                return bool(size < MOST_BYTES)
        finally:
            engine.dispose()
