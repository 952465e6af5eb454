"""The parameters of one commitment, each on a scale without bounds."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["LEVELS", "Level"]


class Level(IntEnum):
    """The parameters of one commitment, on scales without bounds."""

    LOCATION = 0
    """Logarithm of the median days from the promise to the delivery of a lot that comes."""
    SCALE = 1
    """Logarithm of the spread of the lots' log delays around it."""
    SHARED = 2
    """Logarithm of the spread that all lots of a commitment share."""
    DROPPED = 3
    """Logit of the chance that the commitment is dropped whole."""
    COMING = 4
    """Logit of the chance that a lot of a kept commitment ever comes (omega)."""
    MORE = 5
    """Logit of the chance of one more lot: the number of lots is geometric."""
    REPORT = 6
    """Logarithm of the median days from a delivery to its report."""
    REPORT_SCALE = 7
    """Logarithm of the spread of the log days to the report; they are log-logistic."""
    TOLD = 8
    """Logit of the chance that a delivery as of the reference day is told of at all."""
    TREND = 9
    """How much that logit changes in a year."""


LEVELS = len(Level)
