"""Score the reading of German, French and Ukrainian on documents written and coded for it.

    python benchmarks/languages.py

Fourteen documents a language lie in `benchmarks/data/languages`, by writers who had not seen the
reader. Half of them, `seen`, were then looked at to mend it; the others, `unseen`, were not: they
give the figure. The corpora's scorer is looked for as score.py does; where it is not, nothing is
scored and the exit status is 0.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from corpus import find_corpus

DOCUMENTS = Path(__file__).with_name("data") / "languages"
SCORED = ("core", "full", "evidence")


def main() -> None:
    """Score each file, and print the scorer's lines on it."""
    corpus = find_corpus()
    if corpus is None:
        print("The scorer is not on this machine (PLEDGEBOOK_CORPUS): nothing to score.")
        return
    program = Path(sys.executable).parent / "pledgebook"
    with tempfile.TemporaryDirectory() as folder:
        bare, predicted = (Path(folder) / f"{name}.jsonl" for name in ("bare", "pred"))
        for gold in sorted(DOCUMENTS.glob("*.jsonl")):
            with bare.open("w", encoding="utf-8") as out:
                for line in gold.read_text("utf-8").splitlines():
                    record = json.loads(line)
                    kept = {key: record[key] for key in ("id", "date", "lang", "text")}
                    out.write(json.dumps(kept, ensure_ascii=False) + "\n")
            with predicted.open("wb") as printed:
                subprocess.run([program, "read", bare, "--jsonl"], stdout=printed, check=True)
            report = subprocess.run(
                [sys.executable, corpus / "score.py", gold, predicted],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            print(gold.stem)
            for said in report.stdout.splitlines():
                if said.startswith(SCORED) and not said.startswith("core F1 by"):
                    print(f"  {said}")


if __name__ == "__main__":
    main()
