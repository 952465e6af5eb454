"""A Chromium to test pages with: the one that is there, or Debian's, installed for it.

python tools/chromium.py        prints where it is; status 1 where there is none
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PACKAGES = ("chromium", "fonts-dejavu-core")
INSTALLING_SECONDS = 600
ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
"""What it needs where it runs as root, in a container."""


class UnavailableError(Exception):
    """There is no Chromium to be had here; the text says why."""


@cache
def found_chromium() -> str:
    """Return the path of a Chromium; installs Debian's where there is none, as root."""
    named = os.environ.get("PLEDGEBOOK_CHROMIUM")
    found = shutil.which(named) if named else _found()
    if found is not None:
        return found
    if named:
        raise UnavailableError(f"PLEDGEBOOK_CHROMIUM names {named}, which is no program")
    lock = Path(tempfile.gettempdir()) / f"pledgebook-chromium-{os.getuid()}.lock"
    with lock.open("w") as held:
        # Test processes run side by side: one installs, the others wait for it.
        fcntl.flock(held, fcntl.LOCK_EX)
        return _found() or _installed()


def _found() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name)) is not None), None)


def _installed() -> str:
    if shutil.which("apt-get") is None or os.getuid() != 0:
        raise UnavailableError(
            "no Chromium is installed, and it cannot be installed from here (that takes root and "
            "apt-get); install it, or name one in PLEDGEBOOK_CHROMIUM"
        )
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *PACKAGES],
    ):
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=INSTALLING_SECONDS,
            check=False,
        )  # fmt: skip
        if done.returncode and command[1] == "install":
            raise UnavailableError(f"Debian's chromium cannot be installed: {done.stderr[-300:]}")
    found = _found()
    if found is None:
        raise UnavailableError("Debian's chromium was installed and is not to be found")
    return found


if __name__ == "__main__":
    try:
        print(found_chromium())
    except UnavailableError as error:
        sys.exit(str(error))
