"""A made-up report whose every text tries to be more than text: markup, scripts, orders, links."""

from __future__ import annotations

from making import Said, document, reading, report
from pledgebook.ledger.records import Reading
from pledgebook.vocabulary.statement import Category, Kind

SCRIPT = "<script>window.hacked = 1</script>"
IMAGE = '"><img src=x onerror="window.hacked=2">'
STYLE = "</style></title></svg><script>window.hacked=3</script>"
BREAKS = "a | b `c` *d* [e](javascript:alert(1)) ![f](https://evil.example/f.png) <b>g</b> $h$ #1"
LINKS = (
    "javascript:window.hacked=4",
    "data:text/html,<script>window.hacked=5</script>",
    "https://user@evil.example/<script>?a=\"'><svg/onload=window.hacked=6>",
)


def hostile() -> list[Reading]:
    """Names, quotations, speakers, suppliers, titles and addresses that attack who shows them."""
    found = [
        reading(
            document(
                f"{SCRIPT} will send eight tanks {IMAGE}, number {number}.",
                f"2023-02-1{number}",
                title=f"{STYLE} {BREAKS}",
                url=link,
                origin=link,
            ),
            [
                Said(f"{SCRIPT} will send eight tanks {IMAGE}, number {number}",
                     actors=(f"{IMAGE}{number}",), designation=f"{STYLE}{number}", quantity=8,
                     speaker=BREAKS, supplier=SCRIPT, when="2023-04"),
            ],
        )
        for number, link in enumerate(LINKS)
    ]  # fmt: skip
    return [
        *found,
        report(
            Said(BREAKS, kind=Kind.DELIVERY, actors=("NOR",), category=Category.OTHER,
                 designation=BREAKS, quantity=3),
            Said("right-to-left \u202eetirw\u202c and a bell \x07", actors=("SWE",),
                 designation="\u202eknat", quantity=2),
            date="2023-03-01",
        ),
    ]  # fmt: skip
