"""What stands between a user and a traceback: every error becomes one sentence and a status."""

from __future__ import annotations

import os
import sys
import warnings
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FAILED", "PROBLEMS", "GuardedGroup", "run", "say"]

PROBLEMS = 1
FAILED = 2
_STOPPED = 130
_PIPE_GONE = 141
_SAID: set[str] = set()


class GuardedGroup(TyperGroup):
    """A group of commands whose errors are told in a sentence, without a traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own signature
        """Run the command that was asked for. PLEDGEBOOK_DEBUG=1 lets errors through as they are.

        Raises typer.Exit with the status that an error comes to.
        """
        _SAID.clear()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except KeyboardInterrupt:
            say("stopped; what was read is kept")
            raise typer.Exit(_STOPPED) from None
        except BrokenPipeError:
            _forget_output()
            raise typer.Exit(_PIPE_GONE) from None
        except Exception as error:
            sentence = _sentence(error)
            if sentence is None or _debugging():
                raise
            say(sentence)
            _settle_output()
            raise typer.Exit(FAILED) from None
        return result


def run(app: Callable[..., Any]) -> None:
    """Run an application; an error that nobody foresaw is told, with how to see more of it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # A terminal that cannot show a sign shows another one, and the command goes on.
            reconfigure(errors="replace")
    if not _debugging() and not sys.warnoptions:
        warnings.simplefilter("ignore")
    try:
        app(prog_name="pledgebook")
    except Exception as error:
        if _debugging():
            raise
        say(
            f"an error inside Pledgebook ({type(error).__name__}: {error}). "
            "Set PLEDGEBOOK_DEBUG=1 to see where, and report it."
        )
        sys.exit(FAILED)


def say(sentence: str) -> None:
    """Tell something on standard error, made safe for a terminal; once is enough."""
    from pledgebook.reporting.plain import plain

    if sentence in _SAID:
        return
    _SAID.add(sentence)
    typer.echo(f"pledgebook: {plain(sentence)}", err=True)


def _sentence(error: Exception) -> str | None:
    """Return what to tell of an error that can happen to anybody; None for any other."""
    from pledgebook.errors import PledgebookError, sentence

    if isinstance(error, PledgebookError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        where = str(error.filename) if error.filename else None
        return sentence(error.strerror.lower(), where, "Check the path, its rights and the disk")
    return None


def _debugging() -> bool:
    return os.environ.get("PLEDGEBOOK_DEBUG", "") not in {"", "0"}


def _settle_output() -> None:
    """Flush what is left of the output, or give it up: at its exit Python would fail over it."""
    try:
        sys.stdout.flush()
    except OSError:
        _forget_output()


def _forget_output() -> None:
    """Give the interpreter somewhere to flush to: nobody reads the output any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
