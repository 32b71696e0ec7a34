"""What a first-time reader of the map asks: what is this, how sure is it, what can I do.

Where it is from is answered by the sources of the result (`geo.text.summary.source_lines`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import geopandas as gpd

from geo.text.labels import Lang
from geo.text.numerals import number

Say = Callable[..., str]


def about(
    areas: gpd.GeoDataFrame, lang: Lang, say: Say, *, report: str | None = None, files: Sequence[str] = ()
) -> dict[str, list[str]]:
    """Answer three questions in plain sentences, each of them true of this map.

    Parameters
    ----------
    areas : GeoDataFrame
        What the map shows.
    lang : {"es", "en"}
        Language of the answers.
    say : callable
        Gives a text under ``[map.answer]`` by its key, its braces filled in by keyword.
    report : str, optional
        File name of the report beside the map.
    files : sequence of str
        Names of further files beside it.

    Returns
    -------
    dict of str to list of str
        Sentences by question: ``what``, ``sure``, ``next``.

    Examples
    --------
    >>> areas = gpd.GeoDataFrame({"status": ["published", "missing"], "rate": [1.5, None]})
    >>> about(areas, "en", lambda key, **fill: " ".join([key, *map(str, fill.values())]))["sure"]
    ['sure_exact 1 2', 'sure_missing 1', 'sure_people']
    """
    things = ["next_find", "next_layer", "next_table", "next_print"]
    return {
        "what": [say("what_rate", n=number(len(areas), lang)), say("what_look")],
        "sure": _sure(areas, lang, say),
        "next": [
            *(say(key) for key in things),
            *([say("next_report")] if report else []),
            *([say("next_files", files=", ".join(files))] if files else []),
        ],
    }


def _sure(areas: gpd.GeoDataFrame, lang: Lang, say: Say) -> list[str]:
    filled = {str(name) for name in areas if areas[name].notna().any()}
    exact = int(areas["rate"].notna().sum())
    interval = int(areas["status"].isin(["derived", "bounded"]).sum()) if "status" in filled else 0
    missing = len(areas) - exact - interval
    lines = [say("sure_exact", k=number(exact, lang), n=number(len(areas), lang))]
    if interval:
        lines.append(say("sure_interval", k=number(interval, lang)))
    if missing > 0:
        lines.append(say("sure_missing", k=number(missing, lang)))
    if {"rate_low", "rate_high"} <= filled:
        lines.append(say("sure_limits"))
    few = int(areas["reliable"].eq(False).fillna(False).sum()) if "reliable" in filled else 0
    if few:
        lines.append(say("sure_few", k=number(few, lang)))
    if "cluster" in filled and areas["cluster"].ne("undefined").any():
        lines.append(say("sure_cluster"))
        if "cluster_adjusted" in filled:
            lines.append(say("sure_adjusted"))
    return [*lines, say("sure_people")]
