"""Ledgers of the story of answers, without a store."""

from __future__ import annotations

import datetime as dt

from asking_story import asking_story
from making import entries
from pledgebook.ledger.ledger import Ledger, build_ledger
from pledgebook.ledger.records import Reading
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

TODAY = dt.date(2024, 1, 1)


def catalogue() -> Catalogue:
    return load_catalogue()


def ledger(*readings: Reading, today: dt.date = TODAY) -> Ledger:
    return build_ledger(entries(readings or asking_story()), today=today, tree=load_catalogue())
