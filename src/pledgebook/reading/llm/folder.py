"""Prompts and answers as files: record what is asked, replay what was answered.

In a folder, `NAME.prompt.txt` holds all that is asked, and `NAME.answer.json` beside it what was
answered, by whoever or whatever. NAME is the document's name, the number of the piece, and the
beginning of a key over rules and text, so that an answer is never taken for another question.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from pathlib import Path

from pledgebook.errors import UsageError
from pledgebook.reading.llm.answers import answer_schema
from pledgebook.reading.llm.prompts import Prompt, prompt_version

__all__ = ["answer_path", "answers_digest", "find_answer", "record_answer", "record_prompt", "save"]

_PROMPT = ".prompt.txt"
_ANSWER = ".answer.json"


def answer_path(folder: Path, prompt: Prompt) -> Path:
    """Return where the answer to a prompt is looked for."""
    return folder / f"{prompt.name}{_ANSWER}"


def record_prompt(folder: Path, prompt: Prompt) -> Path:
    """Write a prompt as one file that says all that is needed to answer it."""
    schema = json.dumps(answer_schema(), ensure_ascii=False)
    text = "\n".join(
        (
            f"Prompt {prompt.name}, rules {prompt_version()}.",
            f"Write the answer, one JSON object and nothing else, to {prompt.name}{_ANSWER}",
            "",
            "===== RULES =====",
            prompt.system,
            "",
            "===== JSON SCHEMA OF THE ANSWER =====",
            schema,
            "",
            "===== QUESTION =====",
            prompt.user,
            "",
        )
    )
    path = folder / f"{prompt.name}{_PROMPT}"
    save(path, text)
    return path


def record_answer(folder: Path, prompt: Prompt, answer: str) -> None:
    """Write an answer beside its prompt."""
    save(answer_path(folder, prompt), answer)


def find_answer(folder: Path, prompt: Prompt) -> str | None:
    """Return the answer that lies in a folder, None where there is none.

    Raises UsageError where it cannot be read.
    """
    path = answer_path(folder, prompt)
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the answer cannot be read ({error})", where=str(path), mend="Write it in UTF-8"
        ) from error


def answers_digest(folder: Path) -> str:
    """Return a digest of all answers in a folder: a changed answer is another reading.

    Raises UsageError where there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError(
            "there is no such folder", where=str(folder), mend="Record prompts there first"
        )
    digest = hashlib.sha256()
    for path in sorted(folder.glob(f"*{_ANSWER}")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def save(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all.

    Raises UsageError where the folder cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f".{uuid.uuid4().hex}")
        try:
            made.write_text(text, encoding="utf-8")
            made.replace(path)
        except BaseException:
            made.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(
            f"it cannot be written ({error.strerror})", where=str(path), mend="Check its folder"
        ) from error
