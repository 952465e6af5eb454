"""A text to survey, for the tests of the learned coder."""

from __future__ import annotations

import datetime as dt

from coding import CATALOGUE

from pledgebook.reading.learned.survey import Survey, survey
from pledgebook.vocabulary.document import Document, sha256

TEXT = """Sweden to send armoured vehicles

Sweden will give Moldova 14 armoured vehicles by June, its defence minister said on Monday. Oslo \
pledged NOK 40 million on top, and the other sixty is still being discussed in the cabinet.

It has also agreed to train 30 Moldovan mechanics. Nobody at the ministry would say more.
"""


def document(text: str) -> Document:
    return Document(
        text=text,
        bytes_sha256=sha256(text),
        extractor="given/1",
        origin="-",
        date=dt.date(2024, 3, 4),
        lang="en",
    )


def surveyed(text: str = TEXT) -> Survey:
    found = survey(document(text), CATALOGUE)
    assert found is not None
    return found
