"""Background work: what runs when, and who runs it. The work itself belongs to the stages.

huey is clock and pool. A job killed half-way is not run again until its next time, so every job must be one that
may be missed or done twice, also by two workers at once.
"""

import logging
import threading
import traceback
from collections.abc import Callable
from functools import cache

from huey import Huey, PostgresHuey, SqliteHuey, crontab
from sqlalchemy.engine import make_url

from app import clock, tasks
from app.accounts import account_mails, sessions
from app.callcentre import enrolment
from app.database import refresh_statistics, writing
from app.errors import PeilwijsError
from app.fieldwork.delivery import tasks as delivery_tasks
from app.fieldwork.delivery import uploads
from app.fieldwork.letters import making as letters
from app.fieldwork.sending import bounces
from app.fieldwork.sending.rounds import send_due
from app.fieldwork.tidying import delete_old_tokens
from app.reports import tasks as report_tasks
from app.results.exports import kept as exports
from app.results.exports import making as export_tasks
from app.results.figures import tasks as figure_tasks
from app.settings import settings
from app.tasks import Crew
from app.web import attempts

# Stages whose background tasks a worker can do: importing them registers the tasks.
TASKS = (delivery_tasks, letters, account_mails, export_tasks, report_tasks, figure_tasks)
log = logging.getLogger("peilwijs.jobs")
NIGHTLY = {"hour": "1", "minute": "17"}  # UTC: 02:17 or 03:17 in the Netherlands, when hardly anybody fills in
STOP_SECONDS = 8  # a container is killed 10 s after it was asked to stop
TICK_SECONDS = 60.0
FIRST_TICK_SECONDS = 5.0  # a demo should not wait a minute for its first e-mail
SENDING_SECONDS = 50.0  # of every minute; what is left is for the next one
_stopping = threading.Event()  # this process was asked to stop


def tidy() -> None:
    """Deletes what is no longer needed, then lets the database look at its tables again."""
    with writing() as connection:
        n_tokens = delete_old_tokens(connection, clock.today())
        n_tasks = tasks.delete_old(connection)
        n_sessions = sessions.delete_old(connection)
        attempts.delete_old(connection)
    uploads.delete_old()
    exports.delete_old()
    figure_tasks.count_all(seconds=None)
    refresh_statistics()
    log.warning("tidied: %d old tokens deleted, %d tasks, %d sessions", n_tokens, n_tasks, n_sessions)


def tick(should_stop: Callable[[], bool] = _stopping.is_set) -> None:
    """Every minute: queues what is due and sends it. Nothing that goes wrong may end the ticking."""
    refresh_calls()
    try:
        report = send_due(seconds=SENDING_SECONDS, should_stop=should_stop)
    except PeilwijsError as problem:
        log.warning("nothing was sent this minute: %s", problem)
        return
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]  # not the message: it may name people
        log.error("sending failed: %s at %s:%s", type(error).__name__, where.filename, where.lineno)
        return
    if report.n_queued or report.outcomes:
        log.warning("queued %d messages; %s", report.n_queued, dict(report.outcomes))


def refresh_calls() -> None:
    """Brings the call queue up to date; sending goes on whatever becomes of it."""
    try:
        done = enrolment.refresh()
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("the call queue stays as it was: %s at %s:%s", type(error).__name__, where.filename, where.lineno)
        return
    if done != enrolment.Refreshed():
        log.warning("call queue: %s", done)


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
    # a tick that waited for a whole minute has no use any more: the next one does the same
    made.periodic_task(crontab(), name="tick", expires=TICK_SECONDS)(tick)
    made.periodic_task(crontab(minute="*/10"), name="read_bounces", expires=10 * TICK_SECONDS)(bounces.read_mailbox)
    made.periodic_task(crontab(minute="*/10"), name="count", expires=10 * TICK_SECONDS)(figure_tasks.count_all)
    return made


def work() -> None:
    """Runs jobs and tasks until SIGTERM or an interrupt; what is under way is finished first."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    consumer = queue().create_consumer(
        workers=1, check_worker_health=True, graceful_signal="TERM", shutdown_timeout=STOP_SECONDS
    )
    watching = threading.Thread(target=_watch, args=(consumer.stop_flag,), name="stopping", daemon=True)
    crew = Crew()
    watching.start()
    crew.begin()
    try:
        consumer.run()
    finally:
        _stopping.set()
        crew.end(STOP_SECONDS)


def _watch(stop_flag: threading.Event) -> None:
    """A round of sending must hear at once that the worker is to stop."""
    stop_flag.wait()
    _stopping.set()


class Company:
    """The tasks and the minute tick inside a served process, where there is no worker beside it."""

    def __init__(self) -> None:
        self._crew = Crew()
        self._is_over = threading.Event()
        self._ticking = threading.Thread(target=self._tick, name="tick", daemon=True)

    def begin(self) -> None:
        """Starts both threads."""
        self._crew.begin()
        self._ticking.start()

    def end(self) -> None:
        """Asks both to stop and gives them some time; a message under way is finished first."""
        self._is_over.set()
        self._ticking.join(STOP_SECONDS / 2)
        self._crew.end(STOP_SECONDS / 2)

    def _tick(self) -> None:
        pause = FIRST_TICK_SECONDS
        while not self._is_over.wait(pause):
            tick(self._is_over.is_set)
            pause = TICK_SECONDS
