"""The kernel that plays the flows, compiled before the first visitor needs it.

To compile it takes the interpreter for half a minute, so another process does that, which leaves
what it made on disk; here it is only loaded.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from importlib.util import find_spec

__all__ = ["Kernel", "lacking"]

_LOG = logging.getLogger("pledgebook.web")
_NEEDED = ("numpy", "numba", "scipy")
_PATIENCE = 300.0
"""Seconds that a compilation may take."""
_CALM = 2.0
"""Seconds after the start of the server, in which it has other things to do."""
_LOADED = threading.Event()
"""Set where this process has the kernel, whichever app asked for it."""


def lacking() -> str:
    """Return what to install so that anything can be forecast; "" where all of it is there."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if not missing:
        return ""
    return f"Forecasts need {' and '.join(missing)}: pip install 'pledgebook[forecast]'"


class Kernel:
    """Has the kernel compiled in the background, once."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self.fault = ""
        """Why it cannot be compiled at all; "" where that is not known."""

    @property
    def ready(self) -> bool:
        """Whether it can be played at once."""
        return _LOADED.is_set()

    def start(self) -> None:
        """Begin, unless it was begun, or cannot be for want of what is not installed."""
        with self._lock:
            if self._thread is None and not _LOADED.is_set() and not lacking():
                self._stopped = False
                self._thread = threading.Thread(target=self._warm, name="kernel", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the process that compiles, if there is one."""
        with self._lock:
            self._stopped = True
            self._wanted.set()
            if self._child is not None:
                self._child.terminate()
            self._thread = None

    def wait(self, seconds: float) -> bool:
        """Wait until it is ready; tell whether it is."""
        self._wanted.set()
        self.start()
        end = time.monotonic() + seconds
        # In short turns: a fault ends the waiting.
        while not _LOADED.wait(min(0.2, max(end - time.monotonic(), 0))):
            if self.fault or time.monotonic() >= end:
                break
        return _LOADED.is_set()

    def _warm(self) -> None:
        self._wanted.wait(_CALM)
        if not self._stopped:
            self._compile_elsewhere()
        if not self._stopped:
            self._load()

    def _load(self) -> None:
        try:
            from pledgebook.forecasting.flows.warming import warm

            warm()
        except Exception as error:  # noqa: BLE001 - whatever the compiler runs into
            _LOG.exception("the kernel of the forecasts cannot be compiled")
            self.fault = f"Forecasts cannot be made here: {type(error).__name__} in the compiler"
        else:
            _LOADED.set()

    def _compile_elsewhere(self) -> None:
        """Compile in a process of its own; where that fails, it is compiled here after all."""
        told = dict(os.environ, PYTHONPATH=os.pathsep.join(one for one in sys.path if one))
        command = [sys.executable, "-m", "pledgebook.forecasting.flows.warming"]
        quiet = subprocess.DEVNULL
        try:
            with self._lock:
                if self._stopped:
                    return
                child = self._child = subprocess.Popen(  # noqa: S603 - this very interpreter
                    command, env=told, stdin=quiet, stdout=quiet, stderr=quiet
                )
        except OSError:
            return
        try:
            child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        finally:
            self._child = None
