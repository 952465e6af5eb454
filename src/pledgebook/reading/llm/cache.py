"""Answers that were paid for once: files by model, rules and words of the prompt."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pledgebook.reading.llm.folder import save
from pledgebook.reading.llm.prompts import Prompt

__all__ = ["Cache", "default_folder"]


def default_folder() -> Path:
    """Return the folder of the user's cache in which answers are kept."""
    from platformdirs import user_cache_path

    return user_cache_path("pledgebook", appauthor=False) / "llm"


class Cache:
    """A folder of answers. A file that is broken is as good as none."""

    def __init__(self, folder: Path, model: str) -> None:
        self._folder = folder
        self._model = model

    def get(self, prompt: Prompt) -> str | None:
        """Return the answer that this model gave to these very words."""
        path = self._path(prompt)
        try:
            kept = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        answer = kept.get("answer") if isinstance(kept, dict) else None
        asked = kept.get("prompt") if isinstance(kept, dict) else None
        return answer if isinstance(answer, str) and asked == prompt.key else None

    def put(self, prompt: Prompt, answer: str) -> None:
        """Keep an answer; the file is there whole or not at all."""
        kept = {"prompt": prompt.key, "model": self._model, "name": prompt.name, "answer": answer}
        save(self._path(prompt), json.dumps(kept, ensure_ascii=True))

    def _path(self, prompt: Prompt) -> Path:
        name = hashlib.sha256(f"{self._model}\0{prompt.key}".encode()).hexdigest()
        return self._folder / name[:2] / f"{name}.json"
