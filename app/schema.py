"""The schema: which revision a database is at, and bringing it to the newest one."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.database import opened
from app.errors import Invalid
from app.settings import ROOT

MIGRATIONS = ROOT / "app" / "migrations"
MIGRATION_LOCK = 7_345_001  # any number, as long as it stays the same
MIGRATION_WAIT_SECONDS = 600  # for another migrator; rebuilding a large table takes minutes


def migrate() -> None:
    """Brings the schema to the newest revision, in one transaction: all of it or nothing.

    Two at once wait for each other; a killed one leaves what was there before and can be run again.

    Raises:
        Invalid: when the database belongs to something else, or to a newer version of Peilwijs.
        Unavailable: when the database cannot be reached.
    """
    import alembic.command  # noqa: F401 - half a second: not for other commands, and not while others wait

    with opened() as connection:
        if connection.dialect.name == "sqlite":
            # Outside a transaction only: rebuilding a table must not touch the rows that refer to it.
            for pragma in ("foreign_keys=OFF", f"busy_timeout={MIGRATION_WAIT_SECONDS * 1000}"):
                connection.connection.cursor().execute(f"PRAGMA {pragma}").close()
        try:
            with connection.execution_options(is_writing=True).begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
                _upgrade(connection)
        finally:
            connection.invalidate()  # so that no one gets a connection without foreign keys


def ensure_migrated() -> None:
    """Makes the schema in an empty database; a database with an older schema is left alone.

    Raises:
        Invalid: when the schema is not the newest; says which command mends it.
        Unavailable: when the database cannot be reached.
    """
    with opened() as connection:
        found = _revision(connection)
    if found is None:
        migrate()
    elif found != newest_revision():
        raise Invalid(f"the database is at revision {found}, Peilwijs needs {newest_revision()}; run: peilwijs migrate")


def newest_revision() -> str:
    """The revision that this version of Peilwijs works with; file names begin with it."""
    return max(path.name.split("_")[0] for path in MIGRATIONS.glob("versions/[0-9]*.py"))


def _revision(connection: Connection) -> str | None:
    """The revision that a database is at; None when it is empty."""
    tables = sa.inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if tables:
        raise Invalid("the database has tables that are not ours; point PEILWIJS_DATABASE_URL at an empty one")
    return None


def _upgrade(connection: Connection) -> None:
    from alembic import command, config

    found = _revision(connection)
    if found is not None and not list(MIGRATIONS.glob(f"versions/{found}_*.py")):
        raise Invalid(f"the database is at revision {found}, which this Peilwijs does not know; install a newer one")
    settings_of_run = config.Config(attributes={"connection": connection})
    settings_of_run.set_main_option("script_location", str(MIGRATIONS))
    command.upgrade(settings_of_run, "head")
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken:
            raise Invalid(f"the migration would leave a row of table {broken[0]} without the row it refers to")
