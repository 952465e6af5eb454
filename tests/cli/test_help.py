"""Help, examples, completion and the version."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

import pledgebook
from pledgebook.cli import app
from program import Program


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its full name."""
    waiting: list[tuple[str, Any]] = [("pledgebook", typer.main.get_command(app))]
    while waiting:
        name, command = waiting.pop()
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        else:
            waiting += [(f"{name} {key}", value) for key, value in inner.items()]


COMMANDS = dict(commands())


def examples(command: Any) -> list[str]:  # noqa: ANN401 - typer's own kind of command
    _, _, listed = (command.epilog or "").partition("Examples:\n")
    return [line.strip() for line in listed.splitlines()]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_explained_with_examples(name: str) -> None:
    command = COMMANDS[name]
    assert len(command.help.strip()) > 20
    assert 2 <= len(examples(command)) <= 3
    for option in command.params:
        assert option.help, f"{name} {option.name}"


@pytest.mark.parametrize(
    ("name", "line"), [(name, line) for name in COMMANDS for line in examples(COMMANDS[name])]
)
def test_every_example_is_one_of_its_command(name: str, line: str) -> None:
    words = shlex.split(line.partition(" >")[0])
    own = name.split()
    assert words[: len(own)] == own
    with COMMANDS[name].make_context(name, words[len(own) :]) as context:
        assert context.params


def test_help_names_the_book(program: Program) -> None:
    shown = program.well("--help")
    place = program.well("where").strip().replace(str(program.home), "~")
    assert place in " ".join(shown.split())
    named = program.well("--help", settings={"PLEDGEBOOK_DB": "/data/aid.db"})
    assert "/data/aid.db" in named
    hidden = program.well("--help", settings={"PLEDGEBOOK_DB": "postgresql://me:secret@host/aid"})
    assert "secret" not in hidden


def test_every_summary_fits_its_line(program: Program) -> None:
    for page in (program.well("--help"), program.well("judge", "--help")):
        assert "..." not in page.partition("Commands:")[2]


def test_the_version(program: Program) -> None:
    assert program.well("--version") == f"pledgebook {pledgebook.__version__}\n"


def test_no_command_shows_the_help(program: Program) -> None:
    done = program()
    assert "Commands:" in done.out + done.err
    assert done.code in {0, 2}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(program: Program, shell: str) -> None:
    settings = {"_PLEDGEBOOK_COMPLETE": f"source_{shell}"}
    done = program(settings=settings)
    assert "pledgebook" in done.out
    assert "_PLEDGEBOOK_COMPLETE" in done.out


def test_completion_knows_the_commands(program: Program) -> None:
    settings = {
        "_PLEDGEBOOK_COMPLETE": "complete_bash",
        "COMP_WORDS": "pledgebook st",
        "COMP_CWORD": "1",
    }
    assert program(settings=settings).out.split() == ["status"]
