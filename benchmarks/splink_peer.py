"""Splink on the statements that Pledgebook joins: the same fields, and the same knowledge of items.

Splink (https://moj-analytical-services.github.io/splink/) is an open-source record linker; it runs
in DuckDB here. It finds which rows of one table are the same thing by the model of Fellegi and
Sunter, whose chances it learns without labels (expectation maximisation) or, where asked, counts
from them; rows are then clustered by connected components of the pairs above a threshold.

It is given a row for each statement: actors, recipient, category, designation with the entries of
Pledgebook's catalogue that it names or is a kind of, quantity and unit, money and currency, kind,
scope, the time that is promised, document and day. Its chances among unlike rows come from random
pairs, those among like rows from pairs of one party and category and from pairs of one item and
quantity; how many pairs are alike, from two rules that hold of few but true ones.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["LARGE", "SMALL", "THRESHOLDS", "Model", "rows_of", "table_of", "version"]

SMALL = (("part", "category", "recipient", "actors_key"),)
"""Blocking for a small book. Of those tried this did best: wider, its clusters run together."""
LARGE = (
    ("part", "actors_key", "category", "recipient", "month"),
    ("part", "actors_key", "category", "recipient", "designation", "quantity"),
    ("part", "actors_key", "category", "recipient", "money", "currency"),
)
"""Blocking for a large book: one month, or the same item and figure whenever it was said."""

_SAME_ITEM = ("actors_key", "category", "recipient", "designation", "quantity", "unit")
_SAME_SUM = ("actors_key", "recipient", "money", "currency")
"""What few but true pairs have in common, from which the share of true pairs is estimated."""
_RECALL = 0.4
"""The share of all true pairs that these rules are taken to find."""
_TRAINING = (("part", "actors_key", "category"), ("part", "category", "designation", "quantity"))
_COLUMNS = (
    "unique_id", "part", "document", "kind", "scope", "actors", "actors_key", "recipient",
    "category", "designation", "lineage", "quantity", "unit", "money", "currency", "promised",
    "day", "month",
)  # fmt: skip
_CHUNK = 50_000
_LEARNING_PAIRS = 2_000_000
THRESHOLDS = (*(n / 20 for n in range(1, 20)), 0.97, 0.99, 0.995, 0.999)
"""Probabilities that are tried as thresholds."""


Told = tuple[str, str, str, dt.date, Mapping[str, Any]]
"""The id, the part, the document, the day and the fields of a statement."""


def version() -> str:
    """Return the versions that run. Raises ImportError where Splink is not installed."""
    import duckdb
    import splink

    return f"Splink {splink.__version__}, DuckDB {duckdb.__version__}"


def rows_of(statements: Iterable[Told], catalogue: Catalogue) -> dict[str, list[Any]]:
    """Return columns for Splink of statements."""
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    lineages: dict[tuple[str, str], list[str]] = {}
    for name, part, document, day, said in statements:
        item = said["item"]
        category, designation = item["category"], item.get("designation")
        lineage = None
        if designation is not None:
            lineage = lineages.get((category, designation))
            if lineage is None:
                found = catalogue.item_for(Category(category), designation)
                lineage = [found.id, *catalogue.ancestors(found.id)] if found else []
                lineages[category, designation] = lineage
        quantity, money = said.get("quantity") or {}, said.get("money") or {}
        row = {
            "unique_id": name,
            "part": part,
            "document": document,
            "kind": said["kind"],
            "scope": said.get("scope") or "new",
            "actors": sorted(said["actors"]) or None,
            "actors_key": "+".join(sorted(said["actors"])) or None,
            "recipient": said.get("recipient"),
            "category": category,
            "designation": designation.casefold() if designation else None,
            "lineage": lineage or None,
            "quantity": _figure(quantity),
            "unit": quantity.get("unit", "item") if quantity else None,
            "money": _figure(money),
            "currency": money.get("currency"),
            "promised": said.get("when"),
            "day": day.toordinal(),
            "month": day.strftime("%Y-%m"),
        }
        for column, value in row.items():
            columns[column].append(value)
    return columns


def table_of(
    statements: Iterable[Told], catalogue: Catalogue, labels: Sequence[str | None] | None = None
) -> pa.Table:
    """Return a table for Splink, with the keys that people gave where there are such."""
    import pyarrow as pa

    chunks = []
    left = iter(statements)
    while some := list(islice(left, _CHUNK)):
        chunks.append(pa.table(rows_of(some, catalogue), schema=_schema()))
    table = pa.concat_tables(chunks)
    if labels is not None:
        table = table.append_column("label", pa.array(labels, pa.string()))
    return table


def _schema() -> pa.Schema:
    """Return the types of the columns: one chunk may lack all values of one."""
    import pyarrow as pa

    special = {
        "actors": pa.list_(pa.string()), "lineage": pa.list_(pa.string()),
        "quantity": pa.float64(), "money": pa.float64(), "day": pa.int64(),
    }  # fmt: skip
    return pa.schema([(name, special.get(name, pa.string())) for name in _COLUMNS])


def _figure(amount: Mapping[str, Any]) -> float | None:
    low, high = amount.get("low"), amount.get("high")
    figure = low if low is not None else high
    return None if figure is None else float(figure)


@dataclass(frozen=True, slots=True)
class _Level:
    says: str
    where: str


def _comparisons() -> list[Any]:
    """Return what is compared of two rows, each in levels from alike to unlike."""
    from splink import comparison_level_library as levels
    from splink.comparison_library import CustomComparison

    def comparison(name: str, missing: str | None, *found: _Level) -> CustomComparison:
        first = [] if missing is None else [levels.NullLevel(missing)]
        others = [levels.CustomLevel(one.where, label_for_charts=one.says) for one in found]
        return CustomComparison([*first, *others, levels.ElseLevel()], output_column_name=name)

    def near(column: str, unit: str, share: float) -> str:
        least, most = (f"{end}({column}_l, {column}_r)" for end in ("least", "greatest"))
        return f"{unit}_l = {unit}_r and {least} >= {share} * {most}"

    def alike(column: str, unit: str) -> tuple[_Level, ...]:
        return (
            _Level("equal and few", f"{near(column, unit, 1.0)} and {column}_l <= 3"),
            _Level("equal", near(column, unit, 1.0)),
            _Level("within a tenth", near(column, unit, 0.9)),
            _Level("within half", near(column, unit, 0.5)),
        )

    apart = "abs(day_l - day_r)"
    return [
        comparison("kind", None, _Level("equal", "kind_l = kind_r")),
        comparison("scope", None, _Level("both new", "scope_l = 'new' and scope_r = 'new'"),
                   _Level("one total", "scope_l = 'total' or scope_r = 'total'")),
        comparison("actors", "actors_key", _Level("equal", "actors_key_l = actors_key_r"),
                   _Level("some", "list_has_any(actors_l, actors_r)")),
        comparison("recipient", "recipient", _Level("equal", "recipient_l = recipient_r")),
        comparison("category", None, _Level("equal", "category_l = category_r")),
        comparison("designation", "designation", _Level("equal", "designation_l = designation_r"),
                   _Level("a kind of it", "list_has_any(lineage_l, lineage_r)"),
                   _Level("alike", "jaro_winkler_similarity(designation_l, designation_r) >= 0.9")),
        comparison("quantity", "quantity", *alike("quantity", "unit")),
        comparison("money", "money", *alike("money", "currency")),
        comparison("promised", "promised", _Level("equal", "promised_l = promised_r")),
        comparison("document", None, _Level("equal", "document_l = document_r")),
        comparison("day", None, _Level("days", f"{apart} <= 3"), _Level("weeks", f"{apart} <= 14"),
                   _Level("months", f"{apart} <= 120"), _Level("a year", f"{apart} <= 400")),
    ]  # fmt: skip


class Model:
    """A trained model over one table, and the pairs that it scored.

    Where the table has the keys that people gave, the chances among true pairs are counted from
    them instead of learned without labels.
    """

    def __init__(
        self,
        table: pa.Table,
        blocking: Sequence[tuple[str, ...]],
        *,
        threads: int = 2,
        least: float = 0.01,
    ) -> None:
        import duckdb
        from splink import DuckDBAPI, Linker, SettingsCreator, block_on

        connection = duckdb.connect(":memory:")
        connection.execute(f"SET threads = {int(threads)}")
        api = DuckDBAPI(connection)
        settings = SettingsCreator(
            link_type="dedupe_only",
            comparisons=_comparisons(),
            blocking_rules_to_generate_predictions=[block_on(*some) for some in blocking],
            retain_matching_columns=False,
        )
        self._linker = Linker(api.register(table), settings, log_level=logging.ERROR)
        training = self._linker.training
        training.estimate_probability_two_random_records_match(
            [block_on(*_SAME_ITEM), block_on(*_SAME_SUM)], recall=_RECALL
        )
        training.estimate_u_using_random_sampling(max_pairs=_LEARNING_PAIRS, seed=1)
        if "label" not in table.column_names:
            for some in _TRAINING:
                training.estimate_parameters_using_expectation_maximisation(
                    block_on(*some), max_pairs=_LEARNING_PAIRS
                )
        else:
            training.estimate_m_from_label_column("label")
        self._scored = self._linker.inference.predict(
            threshold_match_probability=least, warning_mode="never"
        )

    def pairs(self) -> int:
        """Return how many pairs were scored above the least probability."""
        found = self._scored.as_duckdbpyrelation().aggregate("count(*)").fetchall()
        return int(found[0][0])

    def clusters(self, threshold: float) -> dict[str, str]:
        """Return the cluster of each row: connected by pairs at least as probable as that."""
        found = self._linker.clustering.cluster_pairwise_predictions_at_threshold(
            self._scored, threshold_match_probability=threshold
        )
        relation = found.as_duckdbpyrelation().select("unique_id", "cluster_id")
        return {str(name): str(cluster) for name, cluster in relation.fetchall()}
