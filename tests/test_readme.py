"""The README and the tutorial: what they tell a reader to type works, and the picture is real."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
import typer.main

from pledgebook.cli import app
from program import Program

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
TUTORIAL = ROOT / "docs" / "tutorial.md"
COMMANDS = ROOT / "docs" / "cli.md"
PICTURE_WIDTH = 100
SAID = "Norway will send eight Leopard 2 tanks to Ukraine next month."


def blocks(path: Path, language: str) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def shell_lines(path: Path) -> list[list[str]]:
    """What a shell would run, as words; comments and redirections are left out."""
    lines = [line.partition(" >")[0] for block in blocks(path, "sh") for line in block.splitlines()]
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def run_python(program: Program, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        cwd=program.home,
        env=program.environment,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", [README, TUTORIAL, COMMANDS], ids=lambda path: path.stem)
def test_every_command_that_is_written_down_exists(path: Path) -> None:
    written = [words for words in shell_lines(path) if words[0] == "pledgebook"]
    assert written
    for _, *arguments in written:
        command = typer.main.get_command(app)
        while inner := getattr(command, "commands", None):
            command = inner[arguments.pop(0)]
        command.make_context(command.name, arguments).close()


def test_make_has_the_targets_that_are_named() -> None:
    targets = {words[1] for words in shell_lines(README) if words[0] == "make"}
    assert {"demo", "test"} <= targets
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets <= set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))


def test_the_python_of_the_readme(program: Program) -> None:
    [code] = blocks(README, "python")
    printed = run_python(program, code)
    assert printed.splitlines()[0] == "15 documents, 0 problems"
    assert re.search(r"^f[0-9a-f]{7} NOR UKR Leopard 2 ", printed, flags=re.MULTILINE)
    assert "SHA-256" in printed


def test_every_file_that_the_readme_names_is_there() -> None:
    named = re.findall(r"\]\(([^)#]+)\)", README.read_text(encoding="utf-8"))
    assert len(named) >= 5
    assert [name for name in named if "://" not in name and not (ROOT / name).exists()] == []


@pytest.mark.slow
def test_the_picture_is_made_of_real_output(tmp_path: Path, program: Program) -> None:
    program.well("--version")
    subprocess.run(
        [sys.executable, ROOT / "tools" / "make_pictures.py", "--into", tmp_path],
        check=True,
        env=program.environment,
    )
    drawn = ET.parse(tmp_path / "docs" / "images" / "demo.svg").getroot()
    text = " ".join("".join(drawn.itertext()).split())
    assert "pledgebook\N{NO-BREAK SPACE}status" in text or "pledgebook status" in text
    [block] = blocks(tmp_path / "README.md", "text")
    assert block.startswith("$ pledgebook status --item tank\n")
    assert "$ pledgebook why c" in block
    assert max(map(len, block.splitlines())) <= PICTURE_WIDTH
    assert str(Path.home()) not in block
    # All but the block is as it was.
    mark = re.compile(r"<!-- picture -->.*<!-- /picture -->", re.DOTALL)
    assert mark.sub("", (tmp_path / "README.md").read_text(encoding="utf-8")) == mark.sub(
        "", README.read_text(encoding="utf-8")
    )


class Reader:
    """Somebody who types the tutorial's lines and copies ids from what is shown."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.settings: dict[str, str] = {}
        self.shown = ""

    def type(self, words: list[str]) -> None:
        match words:
            case ["export", pair]:
                name, _, value = pair.partition("=")
                self.settings[name] = value
            case ["unset", name]:
                del self.settings[name]
            case ["pledgebook", "serve"]:
                self.serve()
            case ["pledgebook", *arguments]:
                ids = self.ids(arguments)
                filled = [next(ids) if word == "ID" else word for word in arguments]
                self.shown = self.program.well(*filled, settings=self.settings)
                assert self.shown
            case ["pip", "install", *_]:
                pass
            case _:
                pytest.fail(f"the tutorial tells to type {' '.join(words)}")

    def serve(self) -> None:
        """Open the app at the address that is printed, and end it with Ctrl-C."""
        command = [sys.executable, "-m", "pledgebook", "serve", "--port", "0", "--no-open"]
        with subprocess.Popen(
            command, cwd=self.program.home, env=self.program.environment | self.settings,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        ) as running:  # fmt: skip
            try:
                assert running.stdout is not None
                address = running.stdout.readline().split()[-1]
                with httpx.Client(follow_redirects=True, timeout=60) as browser:
                    assert "How far it is" in browser.get(address).text
            finally:
                running.send_signal(signal.SIGINT)
        assert running.returncode in (0, 130)

    def ids(self, arguments: list[str]) -> Iterator[str]:
        """Find the ids that a person would take for this command."""
        match arguments:
            case ["judge", "revoke", *_]:
                yield from re.findall(r"^j[0-9a-f]+", self.shown, flags=re.MULTILINE)
            case ["judge", *_]:
                yield from self.statements()
            case _:
                yield from re.findall(r"^f[0-9a-f]{7}", self.shown, flags=re.MULTILINE)

    def statements(self) -> list[str]:
        """Two statements of the commitment that the most reports tell of."""
        told = self.program.well("status", "--format", "json", settings=self.settings)
        row = max(json.loads(told)["rows"], key=lambda one: int(one["reports"]))
        opened = self.program.well("why", row["id"], "--format", "json", settings=self.settings)
        found = [
            statement["id"]
            for commitment in json.loads(opened)["children"]
            for statement in commitment["children"]
        ]
        assert len(found) > 1
        return found[:2]


@pytest.mark.slow
def test_the_first_ten_minutes(program: Program) -> None:
    reports = program.home / "reports"
    reports.mkdir()
    (reports / "one.txt").write_text(SAID, encoding="utf-8")
    reader = Reader(program)
    for words in shell_lines(TUTORIAL):
        reader.type(words)
    assert "Leopard 2" in reader.shown


def test_the_python_of_the_tutorial(program: Program) -> None:
    reports = program.home / "reports"
    reports.mkdir()
    (reports / "one.txt").write_text(SAID, encoding="utf-8")
    plain = [code for code in blocks(TUTORIAL, "python") if not code.startswith(">>>")]
    assert plain
    for code in plain:
        assert "NOR Leopard 2" in run_python(program, code)
