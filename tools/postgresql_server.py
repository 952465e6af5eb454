"""A PostgreSQL server of one's own: on loopback, on a free port, in a folder that goes with it.

    python tools/postgresql_server.py COMMAND...

starts one, runs the command with its address in PLEDGEBOOK_TEST_POSTGRESQL, and stops it again. The
tests start theirs through `server()`. Where the server's programs are not installed they are
installed from Debian's packages, if that can be done: as root, with apt-get.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 60
"""What one of the server's programs may take."""

INSTALLING_SECONDS = 600
WITH_PASSWORD = "guarded"
"""The one role that has to give a password; all others are trusted."""

_ROLE = "pledgebook"
_PACKAGES = ("postgresql",)
_TRIES = 3
_ROOM = 3_000_000_000
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "max_wal_size": "512MB",
    "lc_messages": "C",
}
_WHO_MAY = f"""\
host all {WITH_PASSWORD} 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
"""


class UnavailableError(Exception):
    """There is no PostgreSQL server to be had here; the text says why."""


@dataclass(frozen=True)
class _Owner:
    """Whom the server runs as: it refuses to run as root."""

    user: int | None = None
    group: int | None = None


class PostgreSQL:
    """A server that listens on loopback. Its data survive a crash of it, not one of the machine."""

    def __init__(self, programs: Path, folder: Path, owner: _Owner) -> None:
        self._programs = programs
        self._data = folder / "data"
        self.folder = folder
        self._owner = owner
        self.port = 0

    def make(self) -> None:
        """Make its files and start it on a free port."""
        self._run("initdb", "-D", str(self._data), "-U", _ROLE, "-A", "trust", "-E", "UTF8", "-N")
        settings = "".join(f"{name} = '{value}'\n" for name, value in _SETTINGS.items())
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"{settings}unix_socket_directories = '{self.folder}'\n")
        (self._data / "pg_hba.conf").write_text(_WHO_MAY, encoding="utf-8")
        for left in reversed(range(_TRIES)):
            self.port = _free_port()
            try:
                self.start()
            except subprocess.CalledProcessError:
                # Somebody else may have taken the port meanwhile.
                if not left:
                    raise
            else:
                return

    def start(self) -> None:
        """Start it, on the port that it had before."""
        log = str(self.folder / "log")
        self._run(
            *("pg_ctl", "-D", str(self._data), "-o", f"-p {self.port}"), *("-l", log, "-w", "start")
        )

    def stop(self) -> None:
        """Stop it at once, in the midst of whatever it does: it recovers when it starts."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def url(self, database: str, role: str = _ROLE, password: str | None = None) -> str:
        """Return the address of a database as `--db` takes it."""
        who = role if password is None else f"{role}:{password}"
        return f"postgresql+psycopg://{who}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the owner of everything, each by itself."""
        import psycopg

        address = f"host=127.0.0.1 port={self.port} user={_ROLE} dbname={database}"
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def new_database(self, template: str | None = None, options: str = "") -> str:
        """Return the URL of a new database, empty or a copy of another."""
        name = f"book_{uuid.uuid4().hex}"
        copied = f"TEMPLATE {template}" if template else ""
        self.execute(f"CREATE DATABASE {name} {copied} {options}")
        return self.url(name)

    @contextlib.contextmanager
    def database(self, template: str | None = None, options: str = "") -> Iterator[str]:
        """Lend a new database: it goes when it is given back, whoever is still connected."""
        url = self.new_database(template, options)
        try:
            yield url
        finally:
            self.execute(f"DROP DATABASE {url.rpartition('/')[-1]} WITH (FORCE)")

    def give(self, folder: Path) -> None:
        """Let the server have a folder, as it wants of one for a tablespace."""
        if self._owner.user is not None and self._owner.group is not None:
            os.chown(folder, self._owner.user, self._owner.group)

    def disconnect(self, database: str) -> None:
        """End every session on a database, as an administrator or a failing network does."""
        self.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{database}' AND pid <> pg_backend_pid()"
        )

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments],
            check=True,
            capture_output=True,
            timeout=SECONDS,
            cwd=self.folder,
            user=self._owner.user,
            group=self._owner.group,
            extra_groups=None if self._owner.user is None else [],
        )


@contextlib.contextmanager
def server() -> Iterator[PostgreSQL]:
    """Start a server, stop it on leaving. Raises UnavailableError where there is none to be had."""
    where = programs() or install()
    owner = _owner()
    # The paths of sockets are short, those of test folders are long.
    folder = Path(tempfile.mkdtemp(prefix="pledgebook-", dir=_in_memory()))
    try:
        if owner.user is not None and owner.group is not None:
            os.chown(folder, owner.user, owner.group)
        made = PostgreSQL(where, folder, owner)
        try:
            made.make()
        except (subprocess.SubprocessError, OSError) as error:
            said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip()
            log = folder / "log"
            told = log.read_text(errors="replace") if log.exists() else ""
            raise UnavailableError(f"the server does not start: {error} {said} {told}") from error
        try:
            yield made
        finally:
            with contextlib.suppress(subprocess.SubprocessError):
                made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> Path | None:
    """Return a folder in memory, if there is one with room: databases come and go many times."""
    folder = Path("/dev/shm")
    if not os.access(folder, os.W_OK) or shutil.disk_usage(folder).free < _ROOM:
        return None
    return folder


def programs() -> Path | None:
    """Return the folder of `initdb` and `pg_ctl` of the newest version, None if there is none.

    PLEDGEBOOK_TEST_POSTGRESQL_PROGRAMS names the folder, if it is another.
    """
    named = os.environ.get("PLEDGEBOOK_TEST_POSTGRESQL_PROGRAMS")
    if named is not None:
        return Path(named) if (Path(named) / "initdb").exists() else None
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def install() -> Path:
    """Install the server's programs from Debian's packages and return their folder.

    Raises UnavailableError, with what to do by hand, where that is not possible from here.
    """
    by_hand = "install them by hand (Debian: apt-get install postgresql)"
    if shutil.which("apt-get") is None:
        raise UnavailableError(f"initdb and pg_ctl are missing, and so is apt-get: {by_hand}")
    if os.geteuid() != 0:
        raise UnavailableError(
            f"initdb and pg_ctl are missing, and only root may add them: {by_hand}"
        )
    # Several test processes come here at once; the first one installs for all.
    with (Path(tempfile.gettempdir()) / "pledgebook-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (there := programs()) is not None:
            return there
        # Nothing is to be started: the package would run a server of its own.
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *_PACKAGES]
        said = ""
        for step in (["apt-get", "update", "-qq"], command):
            try:
                done = subprocess.run(
                    step,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    errors="replace",
                    timeout=INSTALLING_SECONDS,
                    check=False,
                )
            except subprocess.TimeoutExpired as error:
                raise UnavailableError(f"{' '.join(step)} does not end: {by_hand}") from error
            said = "; ".join((done.stderr or done.stdout).strip().splitlines()[-2:])
        if (there := programs()) is None:
            raise UnavailableError(f"apt-get cannot install them ({said}): {by_hand}")
        return there


def _owner() -> _Owner:
    if os.geteuid() != 0:
        return _Owner()
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return _Owner(found.pw_uid, found.pw_gid)
    raise UnavailableError("the server refuses to run as root and there is no user to run it as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main(command: Sequence[str]) -> int:
    """Run a command beside a server and return its exit status."""
    if not command:
        sys.exit(f"usage: {sys.argv[0]} COMMAND...")
    try:
        with server() as running:
            environment = os.environ | {"PLEDGEBOOK_TEST_POSTGRESQL": running.new_database()}
            return subprocess.run(command, env=environment, check=False).returncode
    except UnavailableError as error:
        sys.exit(f"no PostgreSQL: {error}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
