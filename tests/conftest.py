"""The fixtures that all tests share."""

import gc
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Playwright, sync_playwright
from typer.testing import CliRunner

from app.cli import app as commands
from app.schema import migrate
from tests.surroundings import browser, postgres
from tests.surroundings.databases import PostgresDatabases
from tests.surroundings.environment import SECRET, Environment
from tests.surroundings.server import Served

LONG = ("tests/journeys", "tests/drills", "tests/simulation", "tests/preview", "tests/test_container")


def pytest_configure(config: pytest.Config) -> None:
    """A whole run stops at once when the browser is missing; nothing is ever skipped."""
    is_worker = hasattr(config, "workerinput")
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS and not is_worker:
        try:
            browser.executable()
        except browser.BrowserMissing as missing:
            pytest.exit(str(missing), returncode=2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that no process is left with it when the others are done."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish() -> None:
    """What was loaded stays: looking through it again and again for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def var_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of its own for what Peilwijs keeps, still without a database."""
    with Environment(PEILWIJS_VAR_FOLDER=str(tmp_path), PEILWIJS_SECRET_KEY=SECRET):
        yield tmp_path


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; tests get copies."""
    path = tmp_path_factory.mktemp("template") / "peilwijs.sqlite3"
    with Environment(PEILWIJS_DATABASE_URL=f"sqlite:///{path}", PEILWIJS_SECRET_KEY=SECRET):
        migrate()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[sa.URL]:
    """The address of a PostgreSQL server for this test process."""
    with postgres.running() as address:
        yield sa.make_url(address)


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: sa.URL) -> Iterator[PostgresDatabases]:
    """Makes empty PostgreSQL databases."""
    databases = PostgresDatabases(postgres_server)
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def postgres_template(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """The name of a migrated, empty PostgreSQL database; tests get the like."""
    name = postgres_databases.make()
    with Environment(PEILWIJS_DATABASE_URL=postgres_databases.address(name), PEILWIJS_SECRET_KEY=SECRET):
        migrate()
    yield name
    postgres_databases.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database that the settings point at; yields its address. Once for each kind."""
    yield from _fresh(request, tmp_path, request.param, is_migrated=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table that the settings point at; yields its address. Once for each kind."""
    yield from _fresh(request, tmp_path, request.param, is_migrated=False)


def _fresh(request: pytest.FixtureRequest, folder: Path, kind: str, is_migrated: bool) -> Iterator[str]:
    address = f"sqlite:///{folder / 'peilwijs.sqlite3'}"
    let_go: Callable[[], None] = lambda: None  # noqa: E731
    if kind == "postgresql":
        databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
        if is_migrated:
            name = databases.lend(request.getfixturevalue("postgres_template"))
            address, let_go = databases.address(name), lambda: databases.take_back(name)
        else:
            name = databases.make()
            address, let_go = databases.address(name), lambda: databases.drop(name)
    elif is_migrated:
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "peilwijs.sqlite3")
    with Environment(
        PEILWIJS_VAR_FOLDER=str(folder), PEILWIJS_DATABASE_URL=address, PEILWIJS_SECRET_KEY=SECRET
    ):  # fmt: skip
        yield address
    let_go()


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    exit_code: int
    stdout: str
    stderr: str


@pytest.fixture
def cli() -> Callable[..., Outcome]:
    """Runs the real command line in this process: `cli("delivery", "check", path, …)`."""

    def run(*arguments: object, stdin: str | None = None) -> Outcome:
        result = CliRunner().invoke(commands, [str(argument) for argument in arguments], input=stdin,
                                    catch_exceptions=False)  # fmt: skip
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What starts browsers: a process can have only one of it."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The browser, once per test process; take a `new_context()` per test."""
    opened = playwright.chromium.launch(executable_path=browser.executable(), args=list(browser.ARGUMENTS))
    yield opened
    opened.close()


@pytest.fixture
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Starts a real server with its own SQLite database: `served("--workers", "2", PEILWIJS_…="…")`.

    With `--demo` it begins without a database, as a new user does. At the end every server must have been free of
    exceptions that nobody handled.
    """
    all_served: list[Served] = []

    def start(*arguments: str, **environment: str) -> Served:
        folder = tmp_path_factory.mktemp("served")
        if "--demo" not in arguments:
            shutil.copy(sqlite_template, folder / "peilwijs.sqlite3")
        one = Served(folder, *arguments, **({"PEILWIJS_SECRET_KEY": SECRET} | environment))
        all_served.append(one)
        one.start(patience_seconds=120)
        return one

    try:
        yield start
        for one in all_served:
            one.stop()
    finally:
        for one in all_served:
            one.kill()
    for one in all_served:
        assert one.faults == [], one.log[-8000:]
