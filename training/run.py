"""Train, fold and ship the learned coder.

    python training/run.py plain  CORPUS...   train without the held-out files, score on them
    python training/run.py folds  CORPUS...   five folds over all, each document scored unseen
    python training/run.py ship   CORPUS...   train on all and write the weights into the package

CORPUS are JSONL files of coded documents; `--encoder` names the folder of a BERT-like encoder
(`model.safetensors`, `tokenizer.json`). Predictions are written for the corpora's scorer; what the
weights were made from goes into the card beside them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import torch
from dataset import Example, example, lines
from export import export
from net import Encoder
from train import Model, predict, prepare, sizes_of, train

from pledgebook.reading.learned.model import tokenizer_of
from pledgebook.reading.learned.windows import MARKS
from pledgebook.vocabulary.catalogue import load_catalogue

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "src" / "pledgebook" / "reading" / "learned" / "weights"
FOLDS = 5
SETTINGS: dict[str, Any] = {"epochs": 6, "batch": 4, "rate": 2.5e-4, "head_rate": 2e-3}
AGAIN: dict[str, Any] = {**SETTINGS, "epochs": 5, "rate": 1.6e-4, "head_rate": 1.3e-3, "seed": 2}
SHORT: dict[str, Any] = {**SETTINGS, "epochs": 3, "rate": 3e-4}
"""Folds are trained for a fourth of the time: five of them take long enough."""
MIX = 0.4
"""A second training goes on from the first and learns too much by heart: so much of it is taken."""
THRESHOLD = 0.55
SHINGLE = 8
ALIKE = 0.3
"""Documents that share this part of their eight-word pieces are of one group."""


def groups(documents: Sequence[dict[str, Any]]) -> list[int]:
    """Return the group of each document: one story, one address, or near-duplicates."""
    parent = list(range(len(documents)))

    def find(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    def join(these: Iterable[int]) -> None:
        first, *rest = these
        for k in rest:
            parent[find(k)] = find(first)

    keys: defaultdict[str, list[int]] = defaultdict(list)
    pieces: list[set[int]] = []
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for k, coded in enumerate(documents):
        keys["story " + story(coded)].append(k)
        if urlsplit(coded.get("url") or "").path.strip("/"):
            keys["url " + coded["url"]].append(k)
        words = re.findall(r"\w+", coded["text"].lower())
        found = {hash(tuple(words[i : i + SHINGLE])) for i in range(len(words) - SHINGLE + 1)}
        pieces.append(found)
        for piece in found:
            holders[piece].append(k)
    for held in keys.values():
        join(held)
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    for held in holders.values():
        for a in held[:20]:
            for b in held[:20]:
                if a < b:
                    shared[a, b] += 1
    for (a, b), count in shared.items():
        if count > ALIKE * min(len(pieces[a]), len(pieces[b])):
            join((a, b))
    return [find(k) for k in range(len(documents))]


def story(coded: dict[str, Any]) -> str:
    """Return what the documents of one story have in common: the id up to its number."""
    stem = re.sub(r"[.]\d+$", "", coded["id"])
    return f"{coded['file']} {stem}"


def fold_of(key: str) -> int:
    """Return the fold of a group by the id of its first document, the same every time."""
    return int(hashlib.sha256(f"0 {key}".encode()).hexdigest(), 16) % FOLDS


def fit(
    examples: Sequence[Example], encoder: Path, settings: dict[str, Any], *, again: bool = True
) -> Model:
    """Return a model trained on examples."""
    torch.manual_seed(1)
    model = Model(sizes_of(examples, len(MARKS)))
    model.encoder.load(encoder)
    chosen = list(examples)
    random.Random(5).shuffle(chosen)
    train(chosen, model, tell=_tell, **settings)
    if again:
        first = {name: value.clone() for name, value in model.state_dict().items()}
        train(chosen, model, tell=_tell, **AGAIN)
        model.load_state_dict(
            {
                name: (1 - MIX) * first[name] + MIX * value if value.is_floating_point() else value
                for name, value in model.state_dict().items()
            }
        )
    return model


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def version(paths: Sequence[Path]) -> dict[str, str]:
    """Name the training data by the hash of each file."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in paths}


def main() -> None:
    """Run one of the three ways."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("way", choices=("plain", "folds", "ship"))
    asked.add_argument("corpus", nargs="+", type=Path)
    asked.add_argument("--encoder", type=Path, required=True)
    asked.add_argument("--held-out", nargs="*", type=Path, default=[])
    asked.add_argument("--out", type=Path, default=Path("predictions"))
    asked.add_argument("--fold", type=int, help="only this fold, so that folds can run apart")
    asked.add_argument("--threads", type=int, default=2)
    given = asked.parse_args()
    torch.set_num_threads(given.threads)
    catalogue, tokenize = (
        load_catalogue(),
        tokenizer_of((given.encoder / "tokenizer.json").read_text("utf-8")),
    )
    coded = list(lines([*given.corpus, *given.held_out]))
    examples = [example(one, catalogue, tokenize) for one in coded]
    below = Encoder(len(MARKS))
    below.load(given.encoder)
    prepare(below, examples)
    held = {path.stem for path in given.held_out}
    given.out.mkdir(parents=True, exist_ok=True)
    if given.way == "ship":
        model = fit(examples, given.encoder, SETTINGS)
        card = {
            "threshold": THRESHOLD, "settings": SETTINGS, "again": AGAIN, "mix": MIX,
            "documents": len(examples),
            "statements": sum(len(one["statements"]) for one in coded),
            "data": version(given.corpus), "torch": torch.__version__,
        }  # fmt: skip
        torch.save(model.state_dict(), given.out / "model.pt")
        export(model, WEIGHTS, given.encoder / "tokenizer.json", card)
        return
    if given.way == "plain":
        model = fit([e for e in examples if e.coded["file"] not in held], given.encoder, SETTINGS)
        torch.save(model.state_dict(), given.out / "plain.pt")
        write(
            given.out,
            "plain",
            predict(model, [e for e in examples if e.coded["file"] in held], THRESHOLD),
        )
        return
    chosen = groups(coded)
    first: dict[int, str] = {}
    for group, one in zip(chosen, coded, strict=True):
        first.setdefault(group, one["id"])
    folds = [fold_of(first[group]) for group in chosen]
    for fold in range(FOLDS) if given.fold is None else [given.fold]:
        learned = [e for e, f in zip(examples, folds, strict=True) if f != fold]
        model = fit(learned, given.encoder, SHORT, again=False)
        unseen = [e for e, f in zip(examples, folds, strict=True) if f == fold]
        write(given.out, f"fold-{fold}", predict(model, unseen, THRESHOLD))


def write(folder: Path, name: str, predictions: dict[str, Any]) -> None:
    """Write predictions in the corpus format."""
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in predictions.values())
    (folder / f"{name}.jsonl").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
