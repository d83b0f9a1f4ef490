"""A measured figure beside its bar: one line for people, one JSON record for history."""

import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import pysqlite3

from app.settings import ROOT

HISTORY = ROOT / "var" / "bench.jsonl"
PACKAGES = ("fastapi", "starlette", "uvicorn", "sqlalchemy", "jinja2", "pydantic")


@dataclass(frozen=True)
class Figure:
    """One measured value; `at_most` or `at_least` the bar. `detail` goes into the record only."""

    name: str
    value: float
    unit: str
    rule: Literal["at most", "at least"]
    bar: float
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def is_met(self) -> bool:
        return self.value <= self.bar if self.rule == "at most" else self.value >= self.bar

    def line(self) -> str:
        sign = "≤" if self.rule == "at most" else "≥"
        return (
            f"{'PASS' if self.is_met else 'FAIL'} {self.name:<58} {self.value:>10.4g} {self.unit:<10} "
            f"{sign} {self.bar:g} {self.unit}"
        ).rstrip()


def report(figure: Figure) -> None:
    """Prints the figure and adds its record to var/bench.jsonl."""
    print(figure.line(), flush=True)
    record = {
        "name": figure.name,
        "is_met": figure.is_met,
        "value": figure.value,
        "unit": figure.unit,
        "rule": figure.rule,
        "bar": figure.bar,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "versions": _versions(),
        "machine": _machine(),
        "detail": figure.detail,
    }
    HISTORY.parent.mkdir(exist_ok=True)
    with HISTORY.open("a") as file:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _commit() -> str:
    found = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=ROOT)
    return found.stdout.strip()


def _versions() -> dict[str, str]:
    named = {name: version(name) for name in PACKAGES}
    return {"python": sys.version.split()[0], "sqlite": pysqlite3.dbapi2.sqlite_version, **named}


def _machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "system": platform.platform(), "processor": _processor()}


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open() as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "")
    except OSError:
        return platform.processor()
