"""Modules and functions stay small, and carry names that say what they are about."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import ROOT

FOLDERS = ("app", "bench", "scripts")
LARGEST_MODULE = 300
LARGEST_FUNCTION = 40
# Names that say nothing: whatever is put there belongs to a stage or a thing.
EMPTY_NAMES = {"service", "services", "utils", "util", "helpers", "helper", "core", "common", "misc", "manager", "lib"}


def modules() -> list[Path]:
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


def large_functions(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            n_lines = (node.end_lineno or 0) - node.lineno + 1
            if n_lines > LARGEST_FUNCTION:
                yield f"{node.name} has {n_lines} lines"


def empty_names(path: Path) -> list[str]:
    return [part for part in (*path.parent.parts, path.stem) if part in EMPTY_NAMES]


def test_no_module_has_more_than_300_lines() -> None:
    sizes = {path: len(path.read_text().splitlines()) for path in modules()}
    assert {path: size for path, size in sizes.items() if size > LARGEST_MODULE} == {}
    assert len(sizes) > 20


def test_no_function_has_more_than_40_lines() -> None:
    stages = [path for path in modules() if "versions" not in path.parts]  # a migration is a list, however long
    assert {path: found for path in stages if (found := list(large_functions(path.read_text())))} == {}


def test_a_function_of_41_lines_is_found() -> None:
    assert list(large_functions("def f():\n" + "    x = 1\n" * 39)) == []
    assert list(large_functions("def f():\n" + "    x = 1\n" * 40)) == ["f has 41 lines"]


def test_no_module_or_package_has_a_name_that_says_nothing() -> None:
    assert {path: found for path in modules() if (found := empty_names(path.relative_to(ROOT)))} == {}


@pytest.mark.parametrize("path", ["app/core/x.py", "app/fieldwork/service.py", "app/utils.py"])
def test_an_empty_name_is_found(path: str) -> None:
    assert empty_names(Path(path))
