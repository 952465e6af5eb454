"""Fit the weights by which statements are joined, and score them on stories held back.

    python benchmarks/link_weights.py [--write] [--no-folds] [--json FILE]

Pairs of coded statements are the cases of a logistic regression: does a pair speak of one
undertaking, given the rules that hold of it? The weights of `ledger/data/reconcile.toml` are its
most probable ones, around the weights of `data/link_priors.toml`; those that are `stated` stay as
they are. The threshold is where the odds are even, lowered by a shift: of a few that were tried,
the one that did best in the folds.

Without --write the weights are printed beside the present ones. Then the stories of `written-dev`
are scored through the whole of reconciling: with the weights that are in force, with those fitted
on all stories, and in folds, each story with weights fitted without any pair of its fold.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from corpus import find_corpus
from link_scores import Documents, Scores, load, mean_of, scored, sheet_of, story_of, together
from links import books_of, joined

from pledgebook.ledger.cases import FAMILIES, prepare
from pledgebook.ledger.joining.join import scorer_of
from pledgebook.ledger.joining.scoring import VETO
from pledgebook.ledger.joining.table import CaseTable
from pledgebook.ledger.rules import Rules, load_rules
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

HERE = Path(__file__).resolve().parent
PRIORS = HERE / "data" / "link_priors.toml"
RULES = HERE.parent / "src" / "pledgebook" / "ledger" / "data" / "reconcile.toml"

STRENGTH = 20.0
"""How strongly a weight is held to its prior: as by so many pairs that leave it open."""
SHIFT = 0.5
"""How far below the intercept two statements are parted."""
SOURCES = {"written-dev": 1.0, "real-dev": 0.1, "train-real": 0.1}
"""What a pair of each corpus counts."""
ONE_UNCODED = 0.15
"""What a pair counts of which people keyed only one statement: it is most likely apart."""
FOLDS = 5
SEEDS = (0, 1, 2)
_FREE = 0.01
"""How strongly the intercept is held to nought: hardly."""
_BITS = 20
"""Rules that are told apart in one sum, which a 32-bit float holds exactly."""
_ROUNDS = 40

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of the statements of one book: which rules hold, and whether people keyed them as one.

    `held` has a column for each rule, in the order of their names; `stories` has the two stories of
    each pair; `counts` is what it counts in the fit.
    """

    held: Floats
    same: Floats
    counts: Floats
    stories: tuple[tuple[str, str], ...]


def pairs_of(
    documents: Documents, rules: Rules, catalogue: Catalogue, factor: float
) -> list[Pairs]:
    """Return the pairs of each book that a sum of weights decides about."""
    keys = {one["id"]: [said.get("commitment") for said in one["statements"]] for one in documents}
    found = []
    for book in books_of(documents).values():
        key = {e.id: k for name, entries in book for e, k in zip(entries, keys[name], strict=True)}
        story = {entry.id: story_of(name) for name, entries in book for entry in entries}
        entries = sorted({e for _, some in book for e in some}, key=lambda entry: entry.order)
        cases = [prepare(entry, catalogue, rules.further_words) for entry in entries]
        table = CaseTable(rules.continues)
        table.add_cases(case for case in cases if case is not None)
        table.sort()
        linked = {e.id for e in entries if FAMILIES.get(e.statement.kind) == "promise"}
        one, other = (side.astype(np.int32) for side in np.triu_indices(len(table), 1))
        held, fits = rules_held(table, rules, one, other)
        ids = [(table.ids[a], table.ids[b]) for a, b in zip(one[fits], other[fits], strict=True)]
        both = [(key[a], key[b]) for a, b in ids]
        promises = [a in linked and b in linked for a, b in ids]
        found.append(
            Pairs(
                held[fits],
                np.array([a is not None and a == b for a, b in both], np.float64),
                np.array(
                    [
                        factor * counted(a, b) if kept else 0.0
                        for (a, b), kept in zip(both, promises, strict=True)
                    ]
                ),
                tuple((story[a], story[b]) for a, b in ids),
            )
        )
    return found


def counted(key: str | None, other: str | None) -> float:
    """Return what a pair counts by its keys."""
    if key and other:
        return 1.0
    return ONE_UNCODED if key or other else 0.0


def rules_held(
    table: CaseTable, rules: Rules, one: npt.NDArray[np.int32], other: npt.NDArray[np.int32]
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return which rules hold of each pair, and for which pairs they decide anything.

    Each rule weighs another power of two, so that a sum tells them apart.
    """
    names = sorted(rules.rules)
    held = np.zeros((len(one), len(names)))
    fits = np.ones(len(one), bool)
    for start in range(0, len(names), _BITS):
        some = names[start : start + _BITS]
        marks = dict.fromkeys(names, 0.0) | {name: 2.0**bit for bit, name in enumerate(some)}
        sums = scorer_of(table, with_weights(rules, marks)).totals(one, other)
        fits &= sums > VETO
        bits = np.where(fits, sums, 0).astype(np.int64)
        for bit in range(len(some)):
            held[:, start + bit] = bits >> bit & 1
    return held, fits


def fit(
    pairs: Sequence[Pairs], prior: Floats, fixed: npt.NDArray[np.bool_]
) -> tuple[Floats, float]:
    """Return the most probable weights and the intercept, given the prior weights.

    Those that are `fixed` are taken as they are. Newton's method; a step that gains nothing is
    halved.
    """
    held = np.vstack([some.held for some in pairs])
    same = np.concatenate([some.same for some in pairs])
    counts = np.concatenate([some.counts for some in pairs])
    kept = counts > 0
    held, same, counts = held[kept], same[kept], counts[kept]
    given = held[:, fixed] @ prior[fixed]
    free = np.hstack([held[:, ~fixed], np.ones((len(held), 1))])
    centre = np.append(prior[~fixed], 0.0)
    strength = np.append(np.full(int((~fixed).sum()), STRENGTH), _FREE)
    found = centre.copy()

    def loss(at: Floats) -> float:
        total = free @ at + given
        surprise = counts @ (np.logaddexp(0.0, total) - same * total)
        return float(surprise + 0.5 * (strength @ (at - centre) ** 2))

    for _ in range(_ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(free @ found + given, -30.0, 30.0)))
        slope = free.T @ (counts * (chance - same)) + strength * (found - centre)
        bend = (free * (counts * chance * (1.0 - chance))[:, None]).T @ free + np.diag(strength)
        step = np.linalg.solve(bend, slope)
        before, share = loss(found), 1.0
        while loss(found - share * step) > before and share > 1e-4:
            share /= 2
        found = found - share * step
        if np.abs(share * step).max() < 1e-6:
            break
    weights = prior.copy()
    weights[~fixed] = found[:-1]
    return weights, float(found[-1])


def prior_of(rules: Rules, priors: Mapping[str, float]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the prior weight of each rule by name, and which are stated.

    Raises ValueError where a rule that is fitted has no prior, or a prior no rule.
    """
    fitted = {name for name, rule in rules.rules.items() if not rule.stated}
    if fitted != set(priors):
        odd = ", ".join(sorted(fitted ^ set(priors)))
        raise ValueError(f"these rules are fitted and have no prior, or the other way: {odd}")
    names = sorted(rules.rules)
    fixed = np.array([rules.rules[name].stated for name in names])
    return np.array([priors.get(name, rules.weight(name)) for name in names]), fixed


def with_weights(
    rules: Rules, weights: Mapping[str, float], threshold: float | None = None
) -> Rules:
    """Return rules with other weights."""
    changed = {
        name: rule.model_copy(update={"weight": weights[name]})
        for name, rule in rules.rules.items()
    }
    bar = rules.threshold if threshold is None else threshold
    return rules.model_copy(update={"rules": changed, "threshold": bar})


def refitted(pairs: Sequence[Pairs], rules: Rules, priors: Mapping[str, float]) -> Rules:
    """Return rules with fitted weights and threshold, as they would be written."""
    weights, intercept = fit(pairs, *prior_of(rules, priors))
    named = dict(zip(sorted(rules.rules), (round(float(w), 2) for w in weights), strict=True))
    return with_weights(rules, named, round(-intercept - SHIFT, 2))


def written(text: str, rules: Rules) -> str:
    """Return the text of the data file with these weights; all else stays as it stands."""
    for name, rule in rules.rules.items():
        if not rule.stated:
            head = rf"(^\[rules\.{re.escape(name)}\]\nweight = )\S+"
            text, hits = re.subn(head, rf"\g<1>{rule.weight:.2f}", text, flags=re.MULTILINE)
            if hits != 1:
                raise ValueError(f"the weight of {name} is not where it is looked for")
    line = f"threshold = {rules.threshold:.2f}"
    text, hits = re.subn(r"^threshold = .*$", line, text, flags=re.MULTILINE)
    if hits != 1:
        raise ValueError("the threshold is not where it is looked for")
    return text


def fold_of(story: str, seed: int) -> int:
    """Return the fold that a story is in, by its name alone."""
    return zlib.crc32(f"{story}{seed}".encode()) % FOLDS


def outside(pairs: Pairs, seed: int, fold: int) -> Pairs:
    """Return pairs of which those of a fold's stories count nothing."""
    kept = [fold not in (fold_of(a, seed), fold_of(b, seed)) for a, b in pairs.stories]
    counts = pairs.counts * np.array(kept, np.float64)
    return Pairs(pairs.held, pairs.same, counts, pairs.stories)


@dataclass(frozen=True)
class Corpora:
    """The coded documents, their pairs, and what they are scored with."""

    scored: Documents
    pairs: Mapping[str, Sequence[Pairs]]
    scorer: Path
    catalogue: Catalogue
    rules: Rules
    priors: Mapping[str, float]

    @classmethod
    def read(cls, folder: Path, rules: Rules) -> Corpora:
        """Read the corpora of a folder."""
        catalogue = load_catalogue()
        documents = {name: load(folder / f"{name}.jsonl") for name in SOURCES}
        pairs = {
            name: pairs_of(some, rules, catalogue, SOURCES[name])
            for name, some in documents.items()
        }
        priors = tomllib.loads(PRIORS.read_text("utf-8"))["weights"]
        scorer = folder / "score_links.py"
        return cls(documents["written-dev"], pairs, scorer, catalogue, rules, priors)

    def fitted(self) -> Rules:
        """Return the rules fitted on all pairs."""
        return refitted([p for some in self.pairs.values() for p in some], self.rules, self.priors)

    def plain(self, rules: Rules) -> Scores:
        """Score all stories with one set of rules."""
        predicted = joined(self.scored, self.catalogue, rules)
        return sheet_of(self.scorer, self.scored, predicted).scores()

    def folded(self, seed: int) -> Scores:
        """Score each story with rules fitted without the pairs of its fold.

        The books are joined whole each time: a statement may be drawn to another story's.
        """
        stories = {story_of(document["id"]) for document in self.scored}
        others = [p for name, some in self.pairs.items() if name != "written-dev" for p in some]
        parts = []
        for fold in range(FOLDS):
            known = [outside(some, seed, fold) for some in self.pairs["written-dev"]]
            rules = refitted([*known, *others], self.rules, self.priors)
            sheet = sheet_of(self.scorer, self.scored, joined(self.scored, self.catalogue, rules))
            parts.append((sheet, {one for one in stories if fold_of(one, seed) == fold}))
        return together(parts)


def compared(before: Rules, after: Rules) -> str:
    """Return the weights of two sets of rules beside each other."""
    lines = [f"{'rule':24} {'present':>8} {'fitted':>8}"]
    for name, rule in after.rules.items():
        note = "  stated" if rule.stated else ""
        lines.append(f"{name:24} {before.weight(name):8.2f} {rule.weight:8.2f}{note}")
    lines.append(f"{'threshold':24} {before.threshold:8.2f} {after.threshold:8.2f}")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Fit, print or write, and score in folds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="write the weights into the data file")
    parser.add_argument("--no-folds", action="store_true", help="fit only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the scores there")
    wanted = parser.parse_args()
    corpus = find_corpus()
    if corpus is None:
        sys.stdout.write("There is no coded corpus here: nothing was fitted.\n")
        return 0
    present = load_rules(RULES)
    corpora = Corpora.read(corpus, present)
    fitted = corpora.fitted()
    sys.stdout.write(compared(present, fitted))
    if wanted.write:
        RULES.write_text(written(RULES.read_text("utf-8"), fitted), "utf-8")
        sys.stdout.write(f"written to {RULES}\n")
    if wanted.no_folds:
        return 0
    rows = [
        ("weights in force", corpora.plain(present)),
        ("fitted on all stories", corpora.plain(fitted)),
    ]
    folds = [corpora.folded(seed) for seed in SEEDS]
    rows += [
        (f"{FOLDS} folds by story, seed {n}", one) for n, one in zip(SEEDS, folds, strict=True)
    ]
    rows.append(("mean of the folds", mean_of(folds)))
    sys.stdout.write("\n" + scored(rows))
    if wanted.json:
        figures = {name: asdict(one) | {"f1": one.f1} for name, one in rows}
        wanted.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
