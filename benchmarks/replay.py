"""Put recorded answers to the prompts of the LLM coder through its door, and score what comes out.

    python benchmarks/replay.py [--answers FOLDER]

The answers in `benchmarks/data/answers` were written to the prompts of 24 documents of
`written-dev`, drawn by lot, by a strong reader who had nothing but the prompts. The documents
are looked for as score.py does; where they are not, nothing is scored and the exit status is 0.
A prompt that has changed since asks for new answers: the reader names those that are missing.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from corpus import find_corpus

ANSWERS = Path(__file__).with_name("data") / "answers"


def main() -> None:
    """Replay, score, and print the scorer's report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--answers", type=Path, default=ANSWERS, metavar="FOLDER")
    options = parser.parse_args()
    corpus = find_corpus()
    if corpus is None:
        print("The coded corpora are not on this machine (PLEDGEBOOK_CORPUS): nothing to replay.")
        return
    names = {path.name.removesuffix(".answer.json") for path in options.answers.glob("*.json")}
    answered = {re.sub(r"[.]\d+-[0-9a-f]+$", "", name) for name in names}
    lines = (corpus / "written-dev.jsonl").read_text("utf-8").splitlines()
    chosen = [line for line in lines if plain(json.loads(line)["id"]) in answered]
    with tempfile.TemporaryDirectory() as folder:
        gold, bare, predicted = (Path(folder) / f"{n}.jsonl" for n in ("gold", "bare", "pred"))
        gold.write_text("".join(f"{line}\n" for line in chosen), "utf-8")
        with bare.open("w", encoding="utf-8") as out:
            for record in map(json.loads, chosen):
                kept = {key: record[key] for key in ("id", "date", "lang", "text")}
                out.write(json.dumps(kept, ensure_ascii=False) + "\n")
        program = Path(sys.executable).parent / "pledgebook"
        asked = ["--coder", "llm", "--llm-replay", options.answers, "--no-llm-cache", "--jsonl"]
        with predicted.open("wb") as printed:
            subprocess.run([program, "read", bare, *asked], stdout=printed, check=True)
        subprocess.run([sys.executable, corpus / "score.py", gold, predicted], check=True)


def plain(name: str) -> str:
    """Return the name of a document as the files of its prompts bear it."""
    return re.sub(r"[^\w-]+", "-", name)


if __name__ == "__main__":
    main()
