"""Reads a Dockerfile and replays its instructions without Docker, in an empty folder."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from app.settings import ROOT


@dataclass(frozen=True)
class Instruction:
    """One instruction with everything behind it on one line, and the stage (0, 1, …) that it is in."""

    stage: int
    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """The JSON form as a list: `CMD ["peilwijs", "serve"]`."""
        return list(json.loads(self.text[self.text.index("[") :]))


def read(path: Path) -> list[Instruction]:
    """The instructions in order; comments dropped, continued lines joined."""
    lines = [line for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found, stage = [], -1
    for line in joined.splitlines():
        name, text = line.split(maxsplit=1)
        stage += name == "FROM"
        found.append(Instruction(stage, name, text))
    return found


class Container:
    """A folder that stands for the file system of the image."""

    def __init__(self, dockerfile: Path, folder: Path) -> None:
        self.instructions = read(dockerfile)
        self.folder = folder
        self.work_folder = folder
        commands = folder / "bin"
        commands.mkdir(parents=True)
        (commands / "python").symlink_to(Path(sys.executable).resolve())
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("PEILWIJS_", "VIRTUAL_"))}
        self.environment = outside | {"PATH": f"{commands}:/usr/local/bin:/usr/bin:/bin"}

    def one(self, name: str) -> Instruction:
        """The last instruction of this name: the one that counts."""
        return [instruction for instruction in self.instructions if instruction.name == name][-1]

    def inside(self, path: str) -> Path:
        """Where a path of the image is."""
        return self.folder / path.lstrip("/") if path.startswith("/") else self.work_folder / path

    def build(self) -> None:
        """Replays the first stage, and the settings of the last."""
        last = self.instructions[-1].stage
        for instruction in self.instructions:
            if instruction.name == "WORKDIR":
                self.work_folder = self.inside(instruction.text)
                self.work_folder.mkdir(parents=True, exist_ok=True)
            elif instruction.name == "COPY" and instruction.stage == 0:
                self._copy(*instruction.text.split())
            elif instruction.name == "RUN" and instruction.stage == 0:
                self.run(["bash", "-euc", instruction.text])
            elif instruction.name == "ENV" and instruction.stage == last:
                self._set(instruction.text)

    def _copy(self, *words: str) -> None:
        *sources, target = words
        tracked = subprocess.run(
            ["git", "ls-files", "-z", "--", *sources], cwd=ROOT, capture_output=True, check=True, text=True
        ).stdout.split("\0")
        for source in sources:
            names = [name for name in tracked if name == source or name.startswith(f"{source}/")]
            assert names, f"the Dockerfile copies {source}, which is not in the repository"
            for name in names:
                copy = self.inside(target) / (name if target == "./" else name.removeprefix(f"{source}/"))
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, copy)

    def _set(self, text: str) -> None:
        for name, value in re.findall(r"(\w+)=(\S+)", text):
            mapped = re.sub(r"(?<![\w.])/(srv|var)/", rf"{self.folder}/\1/", value)
            self.environment[name] = mapped.replace("$PATH", self.environment["PATH"])

    def run(self, words: list[str]) -> str:
        """Runs a command to its end; returns what it printed."""
        done = subprocess.run(
            words, cwd=self.work_folder, env=self.environment, capture_output=True, text=True, check=False, timeout=250
        )
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, words: list[str], log_path: Path) -> subprocess.Popen[bytes]:
        """Starts a command that stays."""
        with log_path.open("wb") as log:
            return subprocess.Popen(
                words, cwd=self.work_folder, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
