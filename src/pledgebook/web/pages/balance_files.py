"""The tables and charts of the balance, as files."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query

from pledgebook.errors import UsageError
from pledgebook.reporting.names import Names
from pledgebook.vocabulary.statement import Per
from pledgebook.web.balance.answering import lines_shown, ready_for
from pledgebook.web.balance.asked import BalanceAsked, day_of
from pledgebook.web.balance.desk import TheDesk
from pledgebook.web.balance.kernel import lacking
from pledgebook.web.charts import offer_chart
from pledgebook.web.parts import TheLive
from pledgebook.web.tables import Column, Table, offer_table

__all__ = ["router"]

router = APIRouter()


def balance_chart(
    asked: BalanceAsked,
    desk: TheDesk,
    live: TheLive,
    measure: Annotated[str, Query(max_length=40)] = "stock",
) -> dict[str, Any]:
    """Return the fan of one measure, with the figures that it rests on."""
    from pledgebook.reporting.forecast_words import SHORT_TITLES
    from pledgebook.web.balance import charts, showing

    wanted = next((one for one in charts.CHARTED if showing.slug(one) == measure), None)
    if wanted is None:
        known = ", ".join(map(showing.slug, charts.CHARTED))
        raise UsageError(f"{measure!r} is not drawn", mend=f"One of: {known}")
    found = ready_for(asked, desk, live)
    assert found.ready is not None
    spec = showing.chart_of(found.ready, found.course, wanted)
    if spec is None:
        raise HTTPException(404, f"{SHORT_TITLES[wanted]} cannot be said here.")
    return spec


def series_chart(
    asked: BalanceAsked,
    desk: TheDesk,
    live: TheLive,
    series: Annotated[str, Query(max_length=40)],
) -> dict[str, Any]:
    """Return the level of a series with its band and its figures."""
    from pledgebook.web.balance.charts import level_chart
    from pledgebook.web.balance.opening import series_of
    from pledgebook.web.balance.points import figures_of

    book = series_of(desk, live.view(day_of(asked)))
    found = book.get(series)
    return level_chart(found, [*figures_of(found, Per.MONTH)], book.as_of, Per.MONTH)


offer_chart(router, "/charts/balance", balance_chart)
offer_chart(router, "/charts/balance-series", series_chart)


def _offer(name: str) -> None:
    """Offer one of the tables of a balance."""

    def build(asked: BalanceAsked, desk: TheDesk, live: TheLive) -> Table:
        from pledgebook.web.balance import files

        found = ready_for(asked, desk, live)
        assert found.ready is not None
        if name == "promises":
            names = Names(found.view.catalogue.parties)
            return files.promises_table(found.ready, found.course, names)
        make = {
            "steps": files.steps_table,
            "scenarios": files.scenarios_table,
            "figures": files.figures_table,
            "matters": files.matters_table,
        }[name]
        return make(found.ready, found.course)

    build.__name__ = f"balance_{name}"
    offer_table(router, f"/tables/balance-{name}", build)


for _name in ("steps", "scenarios", "figures", "promises", "matters"):
    _offer(_name)


def lines_table(asked: BalanceAsked, desk: TheDesk, live: TheLive) -> Table:
    """Return of what the book can say something, as a table."""
    found = None if lacking() else lines_shown(desk, live.view(day_of(asked)), asked)
    if found is None:
        says = lacking() or "What was told is being gathered: ask again in a while."
        raise HTTPException(503, says)
    rows = [
        {
            "recipient": one.subject.recipient, "item": one.subject.item, "name": one.name,
            "unit": one.unit, "stock": len(one.stock), "use": len(one.use),
            "need": len(one.need), "delivered": len(one.delivered), "output": len(one.output),
            "open_promises": len(one.open), "of_known_size": one.known,
            "outstanding": one.arriving or None,
        }
        for one in found[0]
    ]  # fmt: skip
    titles = {
        "recipient": "Recipient", "item": "Item", "name": "Name", "unit": "Unit",
        "stock": "Series of stock", "use": "Series of use", "need": "Series of need",
        "delivered": "Series of deliveries", "output": "Series of output",
        "open_promises": "Open promises", "of_known_size": "Of known size",
        "outstanding": "Outstanding",
    }  # fmt: skip
    return Table("balances", tuple(Column(*one) for one in titles.items()), rows)


offer_table(router, "/tables/balances", lines_table)
