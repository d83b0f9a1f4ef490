"""Guards taken away one by one, each in a copy of the sources: a test must fail every time.

The list is `guards.yaml`. The control: with every guard in place, all these tests pass.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

import yaml

from app.settings import ROOT
from bench.figures import Figure

LIST = ROOT / "tests" / "drills" / "guards.yaml"
COPIED, LINKED = ("app", "tests"), ("audio", "bench", "locales", "questionnaires", "pyproject.toml", "scripts")
N_AT_ONCE = 2
PATIENCE_SECONDS = 300
FAILED, PASSED = 1, 0  # how pytest ends; anything else is no answer


@dataclass(frozen=True)
class Guard:
    """One guard: where it stands, what is left of it, and the test that must notice."""

    name: str
    file: str
    old: str
    new: str
    test: str

    def removed(self, source: str) -> str:
        """The source without the guard."""
        if source.count(self.old) != 1:
            raise ValueError(f"{self.name}: the text stands {source.count(self.old)} times in {self.file}")
        return source.replace(self.old, self.new)


def guards() -> list[Guard]:
    """The list."""
    return [Guard(**one) for one in yaml.safe_load(LIST.read_text())]


def figures(is_full: bool) -> Iterator[Figure]:
    """How many removals were noticed; and the control. The short form takes every third guard away."""
    every = guards()[:: 1 if is_full else 3]
    unnoticed = removed_one_by_one(every)
    for name in unnoticed:
        print(f"not noticed: {name}", file=sys.stderr)
    n_noticed, detail = len(every) - len(unnoticed), {"not noticed": unnoticed}
    yield Figure("guards: removals noticed by a test", n_noticed, "", "at least", max(20, len(every)), detail)
    with _copied() as tree:
        ends = _tested(tree, sorted({guard.test for guard in every}), stops_early=False)
    yield Figure("guards control: exit status of the same tests in place", ends, "", "at most", PASSED)


def removed_one_by_one(every: Sequence[Guard]) -> list[str]:
    """Takes the guards away, a few at once in as many copies; the names of those that no test missed."""
    waiting: SimpleQueue[Guard] = SimpleQueue()
    for guard in every:
        waiting.put(guard)
    unnoticed: list[str] = []
    crowd = [threading.Thread(target=_work_through, args=(waiting, unnoticed)) for _ in range(N_AT_ONCE)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    return unnoticed


def _work_through(waiting: "SimpleQueue[Guard]", unnoticed: list[str]) -> None:
    with _copied() as tree:
        while True:
            try:
                guard = waiting.get_nowait()
            except Empty:
                return
            path = tree / guard.file
            source = path.read_text()
            path.write_text(guard.removed(source))
            try:
                if _tested(tree, [guard.test]) != FAILED:
                    unnoticed.append(guard.name)
            finally:
                path.write_text(source)


class _copied(tempfile.TemporaryDirectory[str]):
    """A copy of the sources that may be spoiled; what is only read is the original."""

    def __enter__(self) -> Path:  # type: ignore[override]
        tree = Path(super().__enter__())
        for name in COPIED:
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in LINKED:
            (tree / name).symlink_to(ROOT / name)
        return tree


def _tested(tree: Path, tests: Sequence[str], *, stops_early: bool = True) -> int:
    """How these tests end in that tree, on SQLite; without by-products that a later run could take for its own."""
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "not postgresql", *tests]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PEILWIJS_")}
    done = subprocess.run(
        [*command, *(["-x"] if stops_early else [])],
        cwd=tree,
        env=environment | {"PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS * (1 if stops_early else 4),
        check=False,
    )
    if done.returncode not in (FAILED, PASSED) or (not stops_early and done.returncode):
        print(done.stdout[-3000:] + done.stderr[-1000:], file=sys.stderr)
    return done.returncode
