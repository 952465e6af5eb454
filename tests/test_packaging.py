"""The built wheel holds what it needs, and works where nothing else of the project is.

These tests install from a package index, as a user does.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LARGEST_CORE_MB = 250
LARGEST_WEIGHTS_MB = 30

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command away from the checkout and return what it printed; it has to succeed."""
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=keep | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} left with {done.returncode}:\n{done.stderr[-4000:]}"
    return done.stdout


def megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", out, cwd=ROOT)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment into which plain pip has put the wheel; returns its bin folder."""
    venv = tmp_path_factory.mktemp("plain") / "venv"
    run(sys.executable, "-m", "virtualenv", "--quiet", venv, cwd=wheel.parent)
    empty = megabytes(venv)
    run(venv / "bin" / "python", "-m", "pip", "install", "--quiet", wheel, cwd=wheel.parent)
    (venv / "size").write_text(str(megabytes(venv) - empty), encoding="utf-8")
    return venv / "bin"


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def test_the_wheel_holds_the_whole_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    package = ROOT / "src"
    wanted = {
        path.relative_to(package).as_posix()
        for path in (package / "pledgebook").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".db"
    }
    assert "pledgebook/py.typed" in held
    assert any(name.endswith(".toml") for name in held), "the data files are not inside"
    assert held == wanted


def test_metadata_is_of_the_project(metadata: Message) -> None:
    assert metadata["Name"] == PROJECT["project"]["name"]
    assert metadata["Version"] == PROJECT["project"]["version"]
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["License-File"] == "LICENSE"


def test_no_dependency_is_pinned_and_each_has_a_lower_bound(metadata: Message) -> None:
    for requirement in metadata.get_all("Requires-Dist", []):
        bare = requirement.partition(";")[0]
        assert "==" not in bare, f"{requirement}: a library must not pin"
        if not bare.startswith("pledgebook["):
            assert ">=" in bare, f"{requirement}: say from which version on it works"
        assert not re.search(r"spacy|en-core-web", bare), f"{requirement}: only to be measured by"


def test_changelog_tells_of_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version = re.escape(PROJECT["project"]["version"])
    assert re.search(rf"^## \[({version}\]|Unreleased\])", text, flags=re.MULTILINE)


def test_the_core_install_is_small(installed: Path) -> None:
    size = float((installed.parent / "size").read_text(encoding="utf-8"))
    [weights] = installed.parent.rglob("pledgebook/reading/learned/weights")
    # The weights are for an extra, but lie in the package; they have a bound of their own.
    assert megabytes(weights) < LARGEST_WEIGHTS_MB
    assert size - megabytes(weights) < LARGEST_CORE_MB, f"the core install takes {size:.0f} MB"


def test_imports_after_plain_pip(installed: Path, tmp_path: Path) -> None:
    code = "import pledgebook; [getattr(pledgebook, name) for name in pledgebook.__all__]"
    run(installed / "python", "-W", "error", "-c", code, cwd=tmp_path)
    shown = run(
        installed / "python", "-c", "import pledgebook as p; print(p.__version__)", cwd=tmp_path
    )
    assert shown.strip() == PROJECT["project"]["version"]


def test_works_after_plain_pip(installed: Path, tmp_path: Path) -> None:
    shows_the_main_job(installed / "pledgebook", tmp_path)


@pytest.mark.skipif(
    importlib.util.find_spec("ensurepip") is None, reason="pipx makes environments with ensurepip"
)
def test_works_after_pipx(wheel: Path, tmp_path: Path) -> None:
    places = {
        "PIPX_HOME": str(tmp_path / "home"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_MAN_DIR": str(tmp_path / "man"),
        "PIPX_DEFAULT_PYTHON": sys.executable,
        # pip knows the machine's index and certificates; uv would have to be told.
        "PIPX_DEFAULT_BACKEND": "pip",
    }
    run(sys.executable, "-m", "pipx", "install", "--quiet", wheel, cwd=tmp_path, **places)
    shows_the_main_job(tmp_path / "bin" / "pledgebook", tmp_path)


def shows_the_main_job(program: Path, folder: Path) -> None:
    """Run what a new user runs first, with an empty home."""
    home = folder / "user"
    home.mkdir()
    version = run(program, "--version", cwd=folder, HOME=str(home))
    assert PROJECT["project"]["version"] in version
    shown = run(program, "demo", cwd=folder, HOME=str(home))
    assert re.search(r"pledgebook why \S+", shown), "the demo does not end with what to try next"
