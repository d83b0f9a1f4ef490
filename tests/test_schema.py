"""The schema: migrations agree with the tables, and survive company and death."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import app.accounts.tables
import app.audit.tables
import app.callcentre.tables
import app.collection.tables
import app.fieldwork.tables
import app.reports.tables
import app.results.api.tables
import app.results.exports.tables
import app.results.figures.tables
import app.results.screening.tables
import app.tasks
import app.web.attempts  # noqa: F401
from app.database import engine, reading, writing
from app.errors import Invalid, Unavailable
from app.schema import MIGRATIONS, ensure_migrated, migrate, newest_revision
from tests.surroundings.server import PEILWIJS


def table_names() -> set[str]:
    with reading() as connection:
        return set(sa.inspect(connection).get_table_names())


def test_the_migrations_make_exactly_the_tables_that_the_code_describes(database: str) -> None:
    with reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_answers_are_stored_in_key_order_on_sqlite_and_keys_refer(database: str) -> None:
    with reading() as connection:
        if engine().dialect.name == "sqlite":
            sql = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'answer'").scalar_one()
            assert "WITHOUT ROWID" in sql
        assert sa.inspect(connection).get_foreign_keys("answer")[0]["referred_table"] == "interview"


def test_the_newest_revision_is_the_head_and_file_names_begin_with_their_revision() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert scripts.get_current_head() == newest_revision()
    for script in scripts.walk_revisions():
        assert script.path.rsplit("/", 1)[-1].startswith(f"{script.revision}_")


def test_an_empty_database_migrates_itself(empty_database: str) -> None:
    assert table_names() == set()
    ensure_migrated()
    assert "survey_case" in table_names()
    ensure_migrated()


def test_an_older_database_is_refused_with_the_command_that_mends_it(database: str) -> None:
    with writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(Invalid, match=r"revision 0000.*run: peilwijs migrate"):
        ensure_migrated()
    with pytest.raises(Invalid, match="0000, which this Peilwijs does not know"):
        migrate()


def test_a_database_of_something_else_is_left_alone(empty_database: str) -> None:
    with writing() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (x integer)")
    for attempt in (ensure_migrated, migrate):
        with pytest.raises(Invalid, match="tables that are not ours"):
            attempt()
    assert table_names() == {"theirs"}


def test_four_migrators_at_once_all_succeed(empty_database: str) -> None:
    processes = [subprocess.Popen([PEILWIJS, "migrate"], stderr=subprocess.PIPE, text=True) for _ in range(4)]
    endings = [(process.communicate()[1], process.returncode) for process in processes]
    assert [code for _, code in endings] == [0, 0, 0, 0], endings
    assert "survey_case" in table_names()


KILLED_HALF_WAY = """
import os, signal, sqlalchemy as sa
from app.database import engine
from app.schema import migrate

@sa.event.listens_for(engine(), "before_cursor_execute")
def die(connection, cursor, statement, *_):
    if "CREATE TABLE interview" in statement:
        os.kill(os.getpid(), signal.SIGKILL)

migrate()
"""


def test_a_migration_killed_half_way_leaves_nothing_and_runs_again(empty_database: str) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED_HALF_WAY], check=False)
    assert killed.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:  # PostgreSQL notices a moment later that the other side is gone
        try:
            assert table_names() == set()
            break
        except Unavailable:
            time.sleep(0.1)
    migrate()
    assert "answer" in table_names()


def test_downgrading_takes_every_table_away_and_upgrading_brings_them_back(database: str) -> None:
    from alembic import command

    with engine().connect().execution_options(is_writing=True) as connection, connection.begin():
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.downgrade(config, "base")
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
        command.upgrade(config, "head")
        assert "token" in sa.inspect(connection).get_table_names()


def test_after_a_migration_foreign_keys_are_still_watched(empty_database: str) -> None:
    migrate()
    with pytest.raises(sa.exc.IntegrityError), writing() as connection:
        connection.exec_driver_sql("INSERT INTO participation (wave_id, provider_id, phone_option) VALUES (1, 1, '')")


def test_the_migrate_command_says_what_it_did(empty_database: str, cli: Callable[..., object]) -> None:
    outcome = cli("migrate")
    assert (outcome.exit_code, outcome.stdout) == (0, "")
    assert "newest schema" in outcome.stderr


def test_a_file_that_is_no_database_is_refused_in_one_sentence(
    var_folder: object, monkeypatch: pytest.MonkeyPatch, tmp_path: object, cli: Callable[..., object]
) -> None:
    (tmp_path / "peilwijs.sqlite3").write_text("a letter, not a database " * 50)
    outcome = cli("migrate")
    assert outcome.exit_code == 1
    assert "cannot be used as a database" in outcome.stderr
    assert outcome.stderr.count("\n") == 1
