"""Where there can be no PostgreSQL server, the tests say so aloud; in CI they fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import postgresql_server
import pytest
from postgresql_server import PostgreSQL, UnavailableError

ROOT = Path(__file__).resolve().parent.parent
ONE = "tests/ledger/test_store.py::test_what_is_stored_comes_back"


def run_one(folder: Path, ci: str) -> subprocess.CompletedProcess[str]:
    """Run a test of both engines where neither a server nor apt-get is to be found."""
    environment = os.environ | {
        "CI": ci,
        "PATH": str(folder),
        "PLEDGEBOOK_TEST_POSTGRESQL_PROGRAMS": str(folder),
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly", ONE],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_server_its_tests_are_left_out_aloud(tmp_path: Path) -> None:
    done = run_one(tmp_path, "")
    assert done.returncode == 0, done.stdout
    assert "1 passed, 1 skipped" in done.stdout
    assert "PostgreSQL was not tested" in done.stdout
    assert "1 tests were left out: initdb and pg_ctl are missing" in done.stdout
    assert "apt-get install postgresql" in done.stdout


def test_in_ci_a_missing_server_is_a_failure(tmp_path: Path) -> None:
    done = run_one(tmp_path, "true")
    assert done.returncode == 1, done.stdout
    assert "PostgreSQL must be tested here: initdb and pg_ctl are missing" in done.stdout


def test_only_root_installs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "apt-get").touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(UnavailableError, match="only root may add them: install them by hand"):
        postgresql_server.install()


def test_what_apt_get_says_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = "#!/bin/sh\necho 'E: Unable to locate package postgresql' >&2\nexit 100\n"
    (tmp_path / "apt-get").write_text(script)
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("PLEDGEBOOK_TEST_POSTGRESQL_PROGRAMS", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(UnavailableError, match="Unable to locate package postgresql"):
        postgresql_server.install()


def test_the_server_listens_on_loopback_alone(postgresql: PostgreSQL) -> None:
    import psycopg

    with psycopg.connect(postgresql.url("postgres").replace("+psycopg", "")) as connection:
        shown = connection.execute("SHOW listen_addresses").fetchone()
        owner = connection.execute("SHOW data_directory").fetchone()
    assert shown == ("127.0.0.1",)
    assert owner is not None
    assert Path(owner[0]).is_relative_to(postgresql.folder)
    assert postgresql.folder.stat().st_mode & 0o077 == 0


def test_a_command_runs_beside_a_server(capfd: pytest.CaptureFixture[str]) -> None:
    code = "import os, sys; print(os.environ['PLEDGEBOOK_TEST_POSTGRESQL']); sys.exit(7)"
    assert postgresql_server.main([sys.executable, "-c", code]) == 7
    assert capfd.readouterr().out.startswith("postgresql+psycopg://pledgebook@127.0.0.1:")
