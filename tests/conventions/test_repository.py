"""What is in the repository: pinned dependencies, no addresses of registries, documents that tell the truth."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from app.cli import app
from app.settings import ROOT

# Written in two parts, so that this file does not name them either.
REGISTRIES = tuple(
    f"{name}.{domain}"
    for name, domain in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb.debian", "org"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("crates", "io"),
    )
)
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "DECISIONS.md", "docs/**/*.md")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def registries_in(text: str) -> list[str]:
    return [name for name in REGISTRIES if re.search(rf"(?<![\w-]){re.escape(name)}\b", text)]


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))


def test_no_file_names_the_address_of_a_package_registry() -> None:
    found = {path: names for path in tracked() if (names := registries_in(path.read_bytes().decode(errors="ignore")))}
    assert found == {}
    assert registries_in("https://files." + "pythonhosted" + ".org/x") != []


def unescaped(folder: Path) -> list[str]:
    """Templates that print something without escaping it."""
    switched_off = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")
    return [path.name for path in sorted(folder.rglob("*.html")) if switched_off.search(path.read_text())]


def test_no_template_prints_anything_unescaped(tmp_path: Path) -> None:
    assert unescaped(ROOT / "app") == []
    (tmp_path / "bad.html").write_text("<p>{{ name|safe }}</p>")
    assert unescaped(tmp_path) == ["bad.html"]


def test_every_dependency_is_pinned_by_hash() -> None:
    for lock in ("requirements.lock", "requirements-test.lock", "requirements-uv.lock"):
        blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
        assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == [], lock


def test_the_tests_run_with_the_versions_that_are_deployed() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-test.lock").items()


def test_every_declared_dependency_is_in_the_lock() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, names in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-test.lock", project["optional-dependencies"]["test"]),
    ):
        wanted = {re.split(r"[\[<>=!~; ]", name)[0].lower().replace("_", "-") for name in names}
        assert wanted <= {name.lower().replace("_", "-") for name in pins(lock)}, lock


def documents() -> list[Path]:
    return [path for pattern in DOCUMENTS for path in sorted(ROOT.glob(pattern))]


def code_in(text: str) -> Iterator[str]:
    """What a document shows as code: fenced blocks and `inline` pieces."""
    fenced = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
    yield from fenced.findall(text)
    yield from re.findall(r"`([^`\n]+)`", fenced.sub("", text))


def unknown_commands(text: str) -> list[str]:
    """Commands `peilwijs …` in the code of a document that do not exist, or have no such option."""
    wrong = []
    for code in code_in(text):
        for line in re.findall(r"(?:^|[\s/;&(])peilwijs((?: +[^\s;&|#)]+)+)", code):
            command: Any = typer.main.get_command(app)
            words = line.split()
            while isinstance(command, TyperGroup) and words and not words[0].startswith("--"):
                command = command.get_command(None, words.pop(0))
            used = {word.split("=")[0] for word in words if word.startswith("--")} - {"--help"}
            if command is None or not used <= options_of(command):
                wrong.append(f"peilwijs{line}")
    return wrong


def options_of(command: Any) -> set[str]:
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}


def unknown_targets(text: str) -> list[str]:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    used = {name for code in code_in(text) for name in re.findall(r"(?:^|\s)make ([a-z]+)\b", code)}
    return sorted(used - targets)


def missing_links(path: Path) -> list[str]:
    targets = re.findall(r"\]\(([^)#\s]+)", path.read_text())
    return [target for target in targets if "://" not in target and not (path.parent / target).exists()]


def test_documents_mention_only_commands_and_make_targets_that_exist() -> None:
    assert {path: found for path in documents() if (found := unknown_commands(path.read_text()))} == {}
    assert {path: found for path in documents() if (found := unknown_targets(path.read_text()))} == {}


def test_documents_link_only_to_files_that_exist() -> None:
    assert {path: found for path in documents() if (found := missing_links(path))} == {}


@pytest.mark.parametrize(
    "text", ["`peilwijs sevre`", "```\npeilwijs serve --dmeo\n```", "`.venv/bin/peilwijs nosuch x`"]
)
def test_a_command_that_does_not_exist_is_found(text: str) -> None:
    assert unknown_commands(text)
    assert unknown_commands("`peilwijs serve --demo` and `peilwijs migrate`") == []
    assert unknown_targets("`make coffee` and `make test`") == ["coffee"]
