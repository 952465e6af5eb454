"""Make the project's own environment from the lock file.

    python tools/bootstrap.py               .venv: to run, test and document
    python tools/bootstrap.py --benchmark   .venv-benchmark: to be measured beside spaCy
    python tools/bootstrap.py --fuzz        .venv-fuzz: to be fuzzed, with atheris (Linux only)
    python tools/bootstrap.py --audit       .venv-audit: what lists and audits the dependencies

Run by the Makefile with any Python from 3.11 on, on a machine that has nothing else: the standard
library only. `uv` is taken from PATH, or installed into `.uv`. Where pip is set up to use a mirror,
a proxy or a certificate authority, uv is told the same, for uv does not read pip's settings.
"""

from __future__ import annotations

import configparser
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRIVATE_UV = ROOT / ".uv"
OLDEST_UV = (0, 8)
"""The first uv that reads this lock file's revision without a word of complaint."""


ENVIRONMENTS = {
    "": [],
    "benchmark": ["--no-default-groups", "--group", "benchmark"],
    "fuzz": ["--no-default-groups", "--group", "fuzz", "--extra", "forecast", "--extra", "plan"],
    "audit": ["--no-default-groups", "--only-group", "audit"],
}
"""What each environment takes from the lock file, besides what the package itself needs."""


def main() -> None:
    """Create or update the environment; leave with a one-line message where that cannot be."""
    if sys.version_info < (3, 11):  # noqa: UP036  the Makefile may be given an older one by hand
        sys.exit(f"Pledgebook needs Python 3.11 or newer; {sys.executable} is older.")
    name, *more = [one.removeprefix("--") for one in sys.argv[1:]] or [""]
    if more or name not in ENVIRONMENTS or f"--{name}" not in (*sys.argv[1:], "--"):
        sys.exit(f"usage: {sys.argv[0]} [{' | '.join(f'--{one}' for one in ENVIRONMENTS if one)}]")
    if name == "fuzz" and not sys.platform.startswith("linux"):
        sys.exit(
            "Coverage-guided fuzzing needs atheris, of which there are packages for Linux only; "
            "what it found is replayed by `make test` on any system."
        )
    venv, groups = ROOT / (f".venv-{name}" if name else ".venv"), ENVIRONMENTS[name]
    settings = pip_settings()
    environment = uv_environment(settings)
    environment["UV_PROJECT_ENVIRONMENT"] = str(venv)
    uv = find_uv()
    if not usable(venv):
        run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, venv], environment)
    if "index-url" in settings:
        sync_from_mirror(uv, groups, settings["index-url"], venv, environment)
    else:
        run([uv, "sync", "--quiet", "--frozen", *groups], environment)


def find_uv() -> str:
    """Return a uv: the one on PATH where it is new enough, else one installed into `.uv`."""
    on_path = shutil.which("uv")
    if on_path and uv_version(on_path) >= OLDEST_UV:
        return on_path
    private = PRIVATE_UV / "bin" / "uv"
    if not private.exists() or uv_version(str(private)) < OLDEST_UV:
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(PRIVATE_UV)], check=False
        )
        if made.returncode:
            shutil.rmtree(PRIVATE_UV, ignore_errors=True)
            sys.exit(
                f"{sys.executable} cannot make virtual environments, and uv is not installed: "
                "run `apt install python3-venv` (or install uv), then try again."
            )
        run([PRIVATE_UV / "bin" / "pip", "install", "--quiet", "uv"], dict(os.environ))
    return str(private)


def uv_version(uv: str) -> tuple[int, ...]:
    """Return the version of a uv, or () where it does not run."""
    answer = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
    return tuple(int(part) for part in found.groups()) if found else ()


def usable(venv: Path) -> bool:
    """Say whether an environment is there whose Python still runs and is new enough."""
    python = venv / "bin" / "python"
    if not python.exists():
        return False
    probe = [str(python), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(probe, check=False).returncode == 0


def pip_settings() -> dict[str, str]:
    """Return pip's global settings: its configuration files, then its environment variables."""
    home = Path.home()
    files = [
        Path("/etc/pip.conf"),
        home / ".pip" / "pip.conf",
        Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf",
    ]
    if named := os.environ.get("PIP_CONFIG_FILE"):
        files.append(Path(named))
    parser = configparser.RawConfigParser()
    parser.read(files, encoding="utf-8")
    settings = dict(parser["global"]) if parser.has_section("global") else {}
    for name in ("index-url", "cert", "proxy"):
        if value := os.environ.get("PIP_" + name.upper().replace("-", "_")):
            settings[name] = value
    return settings


def uv_environment(settings: dict[str, str]) -> dict[str, str]:
    """Return the environment for uv: what pip was told, where uv was not told otherwise."""
    environment = dict(os.environ)
    environment.pop("VIRTUAL_ENV", None)
    environment.setdefault("UV_PYTHON_DOWNLOADS", "never")
    if any(environment.get(name) for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        settings.pop("index-url", None)
    if "cert" in settings:
        environment.setdefault("SSL_CERT_FILE", settings["cert"])
    if "proxy" in settings:
        environment.setdefault("HTTPS_PROXY", settings["proxy"])
    trusted = ssl.get_default_verify_paths()
    if trusted.cafile or (trusted.capath and any(Path(trusted.capath).iterdir())):
        # The machine's own certificates, as pip does; a bare container may have none.
        environment.setdefault("UV_SYSTEM_CERTS", "1")
    return environment


def sync_from_mirror(
    uv: str, groups: list[str], index: str, venv: Path, environment: dict[str, str]
) -> None:
    """Install the locked versions from pip's mirror; the lock file's hashes are checked.

    `uv sync` would go to the addresses that the lock file holds, not to the mirror.
    """
    with tempfile.TemporaryDirectory() as folder:
        listing = Path(folder) / "requirements.txt"
        export = [uv, "export", "--quiet", "--frozen", *groups, "--output-file", str(listing)]
        run(export, environment)
        sync = [uv, "pip", "sync", "--quiet", "--python", str(venv), "--default-index", index]
        run([*sync, str(listing)], environment)


def run(command: Sequence[str | Path], environment: dict[str, str]) -> None:
    """Run a command in the project's root; leave with its exit status where it fails."""
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit(f"This step failed (exit {done.returncode}): {' '.join(map(str, command))}")


if __name__ == "__main__":
    main()
