"""What regions hold: counts with their bounds, rates, and their share of the whole against that of people."""

from __future__ import annotations

import pandas as pd

from geo.stats.autocorrelation.significance import QUADRANTS
from geo.stats.engine.arrays import floats
from geo.stats.rates.crude import crude_rates

CHANNELS = {"web_support": "web", "phone_support": "phone"}
"""Columns of answers about support, and how their counts begin."""


def summarize_regions(areas: pd.DataFrame, region: pd.Series) -> pd.DataFrame:
    """Add up areas by region, carrying what is not known as bounds.

    The share of a region in all counts lies between two bounds: all that is open here at its lowest and
    elsewhere at its highest, and the reverse. A sum is missing where one of its parts is, except the lowest
    possible count, to which an unknown count adds nothing.

    Parameters
    ----------
    areas : DataFrame
        By area ``releases``, ``releases_low``, ``releases_high``, ``population``, ``listed``, ``group_id``,
        ``cluster`` and, where support is known, ``web_support`` and ``phone_support``.
    region : Series
        Name of each area's region, on the same index; areas without one are left out.

    Returns
    -------
    DataFrame
        One row per region, in alphabetical order: ``n_known`` (areas with an exact count), ``releases``,
        ``releases_low``, ``releases_high``, ``population`` (Int64), ``rate``, ``rate_low``, ``rate_high``
        (per 100,000, limits as in :func:`geo.stats.crude_rates`), ``share_releases``, ``share_releases_low``,
        ``share_releases_high``, ``share_population`` (per cent of the whole), ``n_listed``, ``n_grouped``,
        ``n_clustered`` and, per channel, ``web_yes``, ``web_asked``, ``phone_yes``, ``phone_asked`` (Int64;
        missing where nobody was asked in any region).

    Examples
    --------
    Of 10 to 30 releases, the north has 10 to 20 and the south none to 10:

    >>> areas = pd.DataFrame({
    ...     "releases": pd.array([10, None, None], dtype="Int64"), "releases_low": [10, 0, 0],
    ...     "releases_high": [10, 10, 10], "population": [5000, 5000, 10000], "listed": [True, False, False],
    ...     "group_id": [None] * 3, "cluster": ["not significant"] * 3})
    >>> regions = summarize_regions(areas, pd.Series(["North", "North", "South"]))
    >>> regions[["share_releases_low", "share_releases_high", "share_population"]].round(1)
           share_releases_low  share_releases_high  share_population
    region
    North                50.0                100.0              50.0
    South                 0.0                 50.0              50.0
    """
    known = areas["releases"].notna().groupby(region).sum().astype("Int64")
    regions = pd.DataFrame({"n_known": known}).rename_axis("region")
    for name in ("releases", "releases_low", "releases_high", "population"):
        values = areas[name].astype("Int64")
        regions[name] = _sum(values.fillna(0) if name == "releases_low" else values, region)
    regions["rate"] = crude_rates(regions["releases"], regions["population"])["rate"]
    regions["rate_low"] = crude_rates(regions["releases_low"], regions["population"])["low"]
    regions["rate_high"] = crude_rates(regions["releases_high"], regions["population"])["high"]
    regions["share_releases"] = _share(regions["releases"], regions["releases"])
    regions["share_releases_low"] = _share(regions["releases_low"], regions["releases_high"])
    regions["share_releases_high"] = _share(regions["releases_high"], regions["releases_low"])
    regions["share_population"] = _share(regions["population"], regions["population"])
    marks = {
        "n_listed": areas["listed"].fillna(False).astype(bool),
        "n_grouped": areas["group_id"].notna(),
        "n_clustered": areas["cluster"].isin(QUADRANTS),
    }
    for name, mark in (marks | _answers(areas)).items():
        regions[name] = mark.groupby(region).sum().astype("Int64")
    return regions.assign(
        **dict.fromkeys(_unasked(areas), pd.Series(pd.NA, index=regions.index, dtype="Int64"))
    )


def _sum(values: pd.Series, region: pd.Series) -> pd.Series:
    """Sum of whole numbers by region, missing where one of them is."""
    return values.groupby(region).sum().mask(values.isna().groupby(region).any())


def _share(own: pd.Series, elsewhere: pd.Series) -> pd.Series:
    """Per cent that a region has of itself and all others; missing where one is, or all are zero."""
    missing, known = elsewhere.isna(), elsewhere.fillna(0)
    total = own + known.sum() - known
    settled = (missing.sum() - missing == 0) & total.gt(0).fillna(False)
    return pd.Series(floats(100 * own.where(settled) / total.where(settled)), index=own.index)


def _answers(areas: pd.DataFrame) -> dict[str, pd.Series]:
    """Whether each area was asked about support and said yes, by channel."""
    by_channel = {channel: areas[column] for column, channel in CHANNELS.items() if column in areas}
    yes = {
        f"{channel}_yes": answers.eq("yes").fillna(False).astype(bool)
        for channel, answers in by_channel.items()
    }
    return yes | {f"{channel}_asked": answers.notna() for channel, answers in by_channel.items()}


def _unasked(areas: pd.DataFrame) -> list[str]:
    """Columns of the channels by which no area was asked."""
    silent = [CHANNELS[c] for c in CHANNELS if c not in areas or areas[c].isna().all()]
    return [f"{channel}_{name}" for channel in silent for name in ("yes", "asked")]
