"""Observations to series: points with their sources, levels with bands, and what targets are worth.

`build_series` is the way in: statements, a catalogue and a day make a `SeriesBook`, in which series
are found by party, item, measure and nature, and opened by id.
"""

from pledgebook.forecasting.series.outlook import (
    ProductionOutlook,
    Ramp,
    TargetOutlook,
    production_outlook,
    target_outlook,
)
from pledgebook.forecasting.series.point import Hedge, Key, Nature, Point, SeriesMeasure
from pledgebook.forecasting.series.points import points_of
from pledgebook.forecasting.series.pooling import Telling
from pledgebook.forecasting.series.series import Levels, Series
from pledgebook.forecasting.series.seriesbook import Found, SeriesBook, build_series
from pledgebook.forecasting.series.settings import Settings, load_settings
from pledgebook.forecasting.series.slips import SlipModel, fit_slips
from pledgebook.forecasting.series.targets import Target, targets_of
from pledgebook.forecasting.series.units import DAYS

__all__ = [
    "DAYS",
    "Found",
    "Hedge",
    "Key",
    "Levels",
    "Nature",
    "Point",
    "ProductionOutlook",
    "Ramp",
    "Series",
    "SeriesBook",
    "SeriesMeasure",
    "Settings",
    "SlipModel",
    "Target",
    "TargetOutlook",
    "Telling",
    "build_series",
    "fit_slips",
    "load_settings",
    "points_of",
    "production_outlook",
    "target_outlook",
    "targets_of",
]
