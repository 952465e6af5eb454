"""The house keeps its shape: rooms import one way, faces are declared, modules stay small."""

from __future__ import annotations

import ast
import graphlib
import importlib
import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "pledgebook"

# From left to right; a room imports itself and rooms to its left. Rooms of one tuple stand side by
# side and do not import each other.
ORDER: tuple[tuple[str, ...], ...] = (
    ("errors", "demo"),
    ("vocabulary",),
    ("documents",),
    ("reading",),
    ("ledger",),
    ("exchange", "bulk", "forecasting"),
    ("planning",),
    ("reporting",),
    ("book",),
    ("demo", "web"),
    ("cli",),
    ("__main__",),
)
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}

HEAVY = {"polars", "sqlalchemy", "alembic", "trafilatura", "lxml", "httpx", "numpy", "docx"}
LONGEST_MODULE = 400
MOST_MODULES_FOR_HELP = 420
"""What `--help` may load: loading is what it spends its time on; benchmarks/startup.py has that."""


@dataclass(frozen=True)
class Import:
    """One import of one module of the package by another."""

    importer: str
    imported: str
    line: int
    for_types_only: bool


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def sources() -> dict[str, tuple[Path, ast.Module]]:
    """Every module of the package by name, with its parsed source; migrations are data."""
    return {
        module_name(path): (path, ast.parse(path.read_text(encoding="utf-8"), str(path)))
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts
    }


def room(module: str) -> str:
    """The room of a module; the package's own face has none."""
    return module.split(".")[1] if "." in module else ""


def types_only_nodes(tree: ast.Module) -> set[int]:
    """Ids of the nodes that stand under `if TYPE_CHECKING:`."""
    return {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for child in node.body
        for inner in ast.walk(child)
    }


def imports_of(module: str) -> Iterator[Import]:
    path, tree = sources()[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    types_only = types_only_nodes(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            targets = []
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base] if base else parents)
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                targets.append(whole if whole in sources() or base == "pledgebook" else base)
        else:
            continue
        for target in targets:
            if target.split(".")[0] == "pledgebook":
                yield Import(module, target, node.lineno, id(node) in types_only)


@cache
def all_imports() -> tuple[Import, ...]:
    return tuple(found for module in sources() for found in imports_of(module))


def exporting_modules() -> list[str]:
    """The public modules that declare what they export."""
    return [
        module
        for module, (_, tree) in sources().items()
        if not any(part.startswith("_") for part in module.split("."))
        and any(
            isinstance(node, ast.Assign | ast.AnnAssign)
            and "__all__" in ast.unparse(node).split("=")[0]
            for node in tree.body
        )
    ]


def test_every_module_stands_in_a_known_room() -> None:
    rooms = {room(module) for module in sources()} - {""}
    assert rooms <= RANK.keys(), f"say in ORDER where these stand: {sorted(rooms - RANK.keys())}"


def test_rooms_import_one_way() -> None:
    against = [
        f"{found.importer}:{found.line} imports {found.imported}"
        for found in all_imports()
        if room(found.importer)
        and (target := room(found.imported)) in RANK
        and target != room(found.importer)
        and RANK[target] >= RANK[room(found.importer)]
    ]
    assert against == []


def test_only_the_outer_rooms_use_the_public_face() -> None:
    outer = {"cli", "web", "__main__"}
    inner = [
        f"{found.importer}:{found.line}"
        for found in all_imports()
        if found.imported.count(".") == 1 and found.imported not in sources()
        if room(found.importer) not in outer | {""} and found.imported != "pledgebook.__version__"
    ]
    assert inner == []


def test_no_circle_between_modules() -> None:
    graph: dict[str, set[str]] = {module: set() for module in sources()}
    for found in all_imports():
        if not found.for_types_only and found.imported in graph and room(found.importer):
            graph[found.importer].add(found.imported)
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_the_checks_see_imports() -> None:
    """Guard of the tests above: were no import found, they would pass on any house."""
    found = {(one.importer, one.imported) for one in all_imports()}
    assert ("pledgebook.vocabulary.statement", "pledgebook.vocabulary.period") in found
    assert any(room(importer) != room(imported) for importer, imported in found)


@pytest.mark.parametrize("module", sorted(sources()))
def test_modules_are_small_and_finished(module: str) -> None:
    path, tree = sources()[module]
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines < LONGEST_MODULE, f"{path} has {lines} lines: give part of its job a module"
    raised = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Raise)}
    assert not any("NotImplementedError" in it for it in raised), f"{path} has an unfinished part"
    assert ast.get_docstring(tree), f"{path} does not say what it is for"


@pytest.mark.parametrize("module", exporting_modules())
def test_exports_are_sorted_there_and_explained(module: str) -> None:
    loaded = importlib.import_module(module)
    names: list[str] = loaded.__all__
    assert names == sorted(set(names), key=_export_order)
    for name in names:
        value = getattr(loaded, name)  # AttributeError: it exports what is not there
        if inspect.isclass(value) or inspect.isroutine(value):
            assert value.__doc__, f"{module}.{name} has no docstring"
            assert not value.__doc__.startswith(f"{name}("), f"{module}.{name} has no docstring"


def _export_order(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest, as ruff sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_faces_declare_their_exports() -> None:
    """The package, its errors, and every room that has anything in its `__init__`."""
    undeclared = [
        module
        for module, (path, tree) in sources().items()
        if module in {"pledgebook", "pledgebook.errors"}
        or (path.name == "__init__.py" and module.count(".") == 1 and len(tree.body) > 1)
        if module not in exporting_modules()
    ]
    assert undeclared == []


def test_the_public_face_lists_its_names() -> None:
    import pledgebook

    assert set(pledgebook.__all__) <= set(dir(pledgebook))
    with pytest.raises(AttributeError, match="no attribute 'nothing_of_the_kind'"):
        _ = pledgebook.nothing_of_the_kind


def loaded_by(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after running the code."""
    return {name.split(".")[0] for name in modules_loaded_by(code)}


def modules_loaded_by(code: str) -> list[str]:
    """All modules that a fresh interpreter holds after running the code."""
    tail = "\nimport json, sys\nprint('\\n' + json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code + tail], capture_output=True, text=True, check=True
    )
    names: list[str] = json.loads(done.stderr.splitlines()[-1])
    return names


def test_import_is_light() -> None:
    assert loaded_by("import pledgebook") & (HEAVY | {"pydantic", "typer", "rich"}) == set()


HELP = """
import sys
from pledgebook.cli import main
sys.argv = ["pledgebook", "--help"]
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
"""


def test_help_is_light() -> None:
    assert loaded_by(HELP) & HEAVY == set()
    assert len(modules_loaded_by(HELP)) < MOST_MODULES_FOR_HELP


def test_every_command_and_option_is_documented() -> None:
    import typer.main

    cli = importlib.import_module("pledgebook.cli")
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    missing = []
    commands = [("pledgebook", typer.main.get_command(cli.app))]
    while commands:
        name, command = commands.pop()
        commands += [
            (f"{name} {inner}", found) for inner, found in getattr(command, "commands", {}).items()
        ]
        missing += [name] * (name not in text)
        missing += [
            f"{name} {option}"
            for parameter in command.params
            for option in parameter.opts
            if option.startswith("--") and option not in text
        ]
    assert missing == []
