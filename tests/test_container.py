"""The container: its own install and start commands work in an empty folder, also where no Docker runs."""

import os
import re
import signal
from pathlib import Path
from typing import Any

import typer
import yaml

from app.cli import app
from app.settings import ROOT, Settings
from tests.surroundings import dockerfile
from tests.surroundings.server import free_port, wait_until_healthy

DEPLOYMENT = ("Dockerfile", "compose.yaml", ".env.example")


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text()))


def test_the_image_installs_starts_is_healthy_and_stops(tmp_path: Path) -> None:
    container = dockerfile.Container(ROOT / "Dockerfile", tmp_path / "image")
    container.build()
    port = str(free_port())
    start = [word.replace("8000", port).replace("0.0.0.0", "127.0.0.1") for word in container.one("CMD").words]
    health = [word.replace("8000", port) for word in container.one("HEALTHCHECK").words]
    assert start[0] == "peilwijs"
    command = str(container.work_folder / ".venv" / "bin" / start[0])
    log_path = tmp_path / "serve.log"
    server = container.start([command, *start[1:]], log_path)
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", server, 90, log_path)
        container.run([str(container.work_folder / ".venv" / "bin" / health[0]), *health[1:]])
        server.terminate()
        assert server.wait(15) == 0, log_path.read_text()
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
    assert "Traceback" not in log_path.read_text()
    assert (tmp_path / "image/var/lib/peilwijs/peilwijs.sqlite3").is_file()


def test_the_image_does_not_run_as_root() -> None:
    instructions = dockerfile.read(ROOT / "Dockerfile")
    user = [one for one in instructions if one.name == "USER" and one.stage == instructions[-1].stage]
    assert user and user[-1].text not in ("root", "0")
    assert len({one.stage for one in instructions}) == 2


def test_what_the_dockerfile_copies_is_let_in_by_dockerignore() -> None:
    let_in = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copies = [one for one in dockerfile.read(ROOT / "Dockerfile") if one.name == "COPY" and one.stage == 0]
    assert {source for copy in copies for source in copy.text.split()[:-1]} == let_in


def test_compose_starts_commands_that_exist() -> None:
    known = typer.main.get_command(app).list_commands(None)
    commands = [service["command"] for service in compose()["services"].values() if "command" in service]
    assert commands == [["peilwijs", "worker"]]
    assert {words[1] for words in commands} <= set(known)


def test_compose_waits_for_a_healthy_database_that_keeps_its_data() -> None:
    services = compose()["services"]
    assert services["app"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert services["database"]["healthcheck"]["test"][1] == "pg_isready"
    assert services["database"]["volumes"] == ["database:/var/lib/postgresql/data"]


def test_the_example_of_env_names_everything_that_compose_asks_for_and_no_secret() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))
    given = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert asked == set(given)
    assert {name for name in given if "SECRET" in name or "PASSWORD" in name if given[name]} == set()


def test_every_setting_that_deployment_and_documents_name_exists() -> None:
    known = {f"PEILWIJS_{name.upper()}" for name in Settings.model_fields}
    for path in [*(ROOT / name for name in DEPLOYMENT), *ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        assert set(re.findall(r"PEILWIJS_[A-Z_]+", path.read_text())) <= known, path
