"""Small inventories, written down by what matters to a test."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st

from geo.support.needs import NEEDS

AREAS = pd.Index(list("abcdef"), name="area_id")
_BLANK = {
    "channel": None,
    "programme": None,
    "needs": None,
    "provider": None,
    "coordination": None,
    "staff": None,
    "capacity_low": None,
    "capacity_high": None,
    "contradicted": False,
}


def inventory(*rows: dict[str, object]) -> pd.DataFrame:
    """Rows of an inventory, what is not named left open."""
    frame = pd.DataFrame([{**_BLANK, **row} for row in rows], columns=["area_id", "answer", *_BLANK])
    texts = dict.fromkeys(("channel", "answer", "programme", "provider", "coordination"), "string")
    return frame.astype(texts | {"capacity_low": "Int64", "capacity_high": "Int64", "staff": float})


@st.composite
def row(draw: st.DrawFn) -> dict[str, object]:
    low = draw(st.integers(0, 50))
    stated = draw(st.booleans())
    return {
        "area_id": draw(st.sampled_from(list(AREAS))),
        "channel": draw(st.sampled_from(["web", "telephone", "visit", None])),
        "answer": draw(st.sampled_from(["yes", "no", "no answer", "referred elsewhere"])),
        "programme": draw(st.sampled_from(["p", "q", None])),
        "needs": draw(st.none() | st.sets(st.sampled_from(NEEDS)).map(tuple)),
        "staff": draw(st.none() | st.integers(0, 9)),
        "capacity_low": low if stated else None,
        "capacity_high": low + draw(st.integers(0, 20)) if stated else None,
        "contradicted": draw(st.booleans()),
    }


inventories = st.lists(row(), max_size=15).map(lambda rows: inventory(*rows))


@st.composite
def counted(draw: st.DrawFn) -> pd.DataFrame:
    """Counts of the six areas: published, bounded or missing."""
    lows, highs = [], []
    for _ in AREAS:
        low = draw(st.integers(0, 100))
        kind = draw(st.sampled_from(["published", "bounded", "missing"]))
        lows.append(None if kind == "missing" else low)
        highs.append(
            None if kind == "missing" else low + (draw(st.integers(1, 40)) if kind == "bounded" else 0)
        )
    frame = pd.DataFrame({"releases_low": lows, "releases_high": highs}, index=AREAS, dtype="Int64")
    settled = frame["releases_low"].eq(frame["releases_high"]).fillna(False).astype(bool)
    frame.insert(0, "releases", frame["releases_low"].where(settled))
    return frame
