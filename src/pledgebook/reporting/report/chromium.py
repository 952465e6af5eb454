"""Print a page to PDF with the browser that is on the machine: no other one is brought along.

It runs without a window, with a profile of its own that is thrown away, and reaches no network.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from pledgebook.errors import UsageError

__all__ = ["SECONDS", "VARIABLE", "find_chromium", "to_pdf"]

VARIABLE = "PLEDGEBOOK_CHROMIUM"
"""The variable that names the browser where it is not found by its name."""

SECONDS = 120.0
"""How long printing may take."""

_NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge", "msedge",
)  # fmt: skip
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    # Nothing is asked of the network: no name has an address, and there is no way out.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
)
_MEND = (
    f"install Chromium or Chrome, or name it in {VARIABLE}; or write --format html and print that"
)
_TIMES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")
_STEADY = b"D:20000101000000+00'00'"


def find_chromium() -> str:
    """Return the path of Chromium, Chrome or Edge. Raises UsageError where there is none."""
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise UsageError(
                "it is no program that can be run",
                where=f"{VARIABLE}={named}",
                mend="Give the path of Chromium or Chrome",
            )
        return found
    for name in _NAMES:
        found = shutil.which(name)
        if found is not None:
            return found
    for place in _PLACES:
        if Path(place).is_file():
            return place
    raise UsageError("a PDF is printed by Chromium or Chrome, and none was found", mend=_MEND)


def to_pdf(page: str, *, seconds: float = SECONDS) -> bytes:
    """Return a page of HTML as PDF. Raises UsageError where that cannot be done."""
    browser = find_chromium()
    with tempfile.TemporaryDirectory(
        prefix="pledgebook-print-", ignore_cleanup_errors=True
    ) as folder:
        source, target = Path(folder) / "report.html", Path(folder) / "report.pdf"
        source.write_text(page, encoding="utf-8")
        command = [
            browser,
            *_FLAGS,
            # The sandbox cannot be set up by the administrator; the page runs no script at all.
            *(["--no-sandbox"] if _is_root() else []),
            f"--user-data-dir={Path(folder) / 'profile'}",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        said = _run(command, browser, folder, seconds)
        try:
            return _TIMES.sub(_steady, target.read_bytes())
        except OSError as error:
            raise UsageError(
                f"the browser printed no PDF{f' ({said})' if said else ''}",
                where=browser,
                mend=_MEND,
            ) from error


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _run(command: list[str], browser: str, folder: str, seconds: float) -> str:
    """Run the browser to its end and return the last that it said; past the time it is stopped."""
    environment = {**os.environ, "TMPDIR": folder, "XDG_CONFIG_HOME": folder}
    environment |= {"XDG_CACHE_HOME": folder, "TZ": "UTC"}
    told = Path(folder) / "told.txt"
    try:
        # To a file: helpers of the browser may keep a pipe open when it has long ended.
        with told.open("wb") as errors:
            running = subprocess.Popen(  # noqa: S603 - the user's own browser, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=environment,
                start_new_session=True,
            )
    except OSError as error:
        raise UsageError(
            f"the browser cannot be started ({error.strerror or error})", where=browser, mend=_MEND
        ) from error
    try:
        running.wait(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise UsageError(
            f"the browser did not print within {seconds:g} seconds", where=browser, mend=_MEND
        ) from error
    finally:
        _stop(running)
    lines = told.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1].strip()[:200] if lines else ""


def _stop(running: subprocess.Popen[bytes]) -> None:
    """End the browser, with all the processes that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
        os.killpg(running.pid, signal.SIGKILL)
    if running.poll() is None:
        running.kill()
    running.wait()


def _steady(found: re.Match[bytes]) -> bytes:
    """Return when the PDF was made as a day that is always the same, of the same length."""
    made = found[0]
    value = _STEADY.ljust(len(made) - len(found[1]) - 4)
    whole = b"/" + found[1] + b" (" + value + b")"
    return whole if len(whole) == len(made) else made
