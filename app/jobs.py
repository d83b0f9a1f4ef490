"""Background work: what runs when, and the worker that runs it. The work itself belongs to the stages.

huey is clock and pool. A job killed half-way is not run again until its next time, so every job must be one that
may be missed or done twice.
"""

import logging
from functools import cache

from huey import Huey, PostgresHuey, SqliteHuey, crontab
from sqlalchemy.engine import make_url

from app import clock
from app.database import refresh_statistics, writing
from app.fieldwork.tidying import delete_old_tokens
from app.settings import settings

log = logging.getLogger("peilwijs.jobs")
NIGHTLY = {"hour": "1", "minute": "17"}  # UTC: 02:17 or 03:17 in the Netherlands, when hardly anybody fills in
STOP_SECONDS = 8  # a container is killed 10 s after it was asked to stop


def tidy() -> None:
    """Deletes what is no longer needed, then lets the database look at its tables again."""
    with writing() as connection:
        n_tokens = delete_old_tokens(connection, clock.today())
    refresh_statistics()
    log.warning("tidied: %d old tokens deleted", n_tokens)


@cache
def queue() -> Huey:
    """The queue of this installation, with every job registered; in the database that the settings name."""
    url = make_url(settings().database_url)
    if url.get_backend_name() == "postgresql":
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        made: Huey = PostgresHuey("peilwijs", dsn=address)
    else:
        path = settings().var_folder / "jobs.sqlite3"
        path.parent.mkdir(parents=True, exist_ok=True)
        made = SqliteHuey("peilwijs", filename=str(path), journal_mode="delete", fsync=True)
    made.periodic_task(crontab(**NIGHTLY), name="tidy")(tidy)
    return made


def work() -> None:
    """Runs jobs until SIGTERM or an interrupt; what is under way is finished first."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    queue().create_consumer(
        workers=1, check_worker_health=True, graceful_signal="TERM", shutdown_timeout=STOP_SECONDS
    ).run()
