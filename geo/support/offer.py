"""What an inventory says of each area: whether there is support, and how many people it can take."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

CHANNELS = ("web", "telephone", "visit")
ANSWERS = ("yes", "no", "no answer", "referred elsewhere")
STATUSES = ("yes", "contested", "no", "referred elsewhere", "no answer", "not asked")
"""What is known of support in an area, the plainest first."""
_TYPES = {
    **dict.fromkeys(("support_status", "provider", "coordination"), "string"),
    **dict.fromkeys(("programmes", "capacity_low", "capacity_high"), "Int64"),
    "staff": "float64",
}


def offer(rows: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """Sum up an inventory by area.

    Programmes add up: rows of one area and programme are one programme, rows without a name are one together.
    Where support was denied (not by a website, which only shows nothing) there is no place. An
    area that nobody asked, or that did not answer, offers an unknown number of places, not none.

    Parameters
    ----------
    rows : DataFrame
        Of an inventory: ``area_id``, ``channel``, ``answer``, ``programme``, ``provider``,
        ``coordination``, ``staff``, ``capacity_low``, ``capacity_high``, ``contradicted`` (bool: a claim
        and a denial of the same thing).
    index : Index
        Areas wanted; rows of others are left out.

    Returns
    -------
    DataFrame
        On `index`: ``support_status`` (one of :data:`STATUSES`), ``programmes`` (how many, Int64),
        ``provider`` (a code, or ``several``), ``coordination`` (yes where any programme works with the
        prison service, no where those that say so do not), ``staff`` (people, where any row states it),
        ``capacity`` (people a year, where one number follows), ``capacity_low``, ``capacity_high`` (Int64;
        the upper end missing where it is open).

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "area_id": ["a", "a", "b", "c"], "channel": ["visit", "visit", "telephone", "web"],
    ...     "answer": ["yes", "yes", "no", "no"], "programme": ["work", "home", None, None],
    ...     "provider": "municipal", "coordination": None, "staff": [3, None, None, None],
    ...     "capacity_low": [20, None, None, None], "capacity_high": [30, None, None, None],
    ...     "contradicted": False})
    >>> offer(rows, pd.Index(["a", "b", "c"]))[["support_status", "capacity_low", "capacity_high"]]
      support_status  capacity_low  capacity_high
    a            yes            20           <NA>
    b             no             0              0
    c      not asked             0           <NA>
    """
    nothing = {
        "support_status": "not asked",
        "programmes": 0,
        "provider": None,
        "coordination": None,
        "staff": None,
        "capacity_low": 0,
        "capacity_high": None,
    }
    known = {area: nothing.copy() for area in index}
    for area, own in rows[rows["area_id"].isin(index)].groupby("area_id", sort=False):
        known[area] |= _offered(own)
    listed = list(known.values())
    offered = pd.DataFrame(
        {
            name: pd.array([area[name] for area in listed], dtype=kind)  # type: ignore[call-overload]
            for name, kind in _TYPES.items()
        },
        index=index,
    )
    settled = offered["capacity_low"].eq(offered["capacity_high"]).fillna(False).astype(bool)
    offered.insert(list(offered).index("capacity_low"), "capacity", offered["capacity_low"].where(settled))
    return offered


def _offered(own: pd.DataFrame) -> dict[str, object]:
    """Sum up what the rows of one area offer, as far as they say so."""
    status = support_status(own)
    if status != "yes":
        return {"support_status": status} | ({"capacity_high": 0} if status == "no" else {})
    each = list(programmes(own))
    places = [_places(programme) for programme in each]
    together = pd.concat(each)
    who = together["provider"].dropna().unique()
    answers = set(together["coordination"].dropna())
    staff = [programme["staff"].max() for programme in each if programme["staff"].notna().any()]
    highs = [high for _, high in places if high is not None]
    return {
        "support_status": status,
        "programmes": len(each),
        "provider": "several" if len(who) > 1 else next(iter(who), None),
        "coordination": next((answer for answer in ("yes", "no") if answer in answers), None),
        "staff": float(sum(staff)) if staff else None,
        "capacity_low": sum(low for low, _ in places),
        "capacity_high": sum(highs) if len(highs) == len(places) else None,
    }


def count_answers(rows: pd.DataFrame) -> pd.DataFrame:
    """Count areas by channel and answer.

    Parameters
    ----------
    rows : DataFrame
        ``area_id``, ``channel``, ``answer``; rows without a channel are not counted.

    Returns
    -------
    DataFrame
        One row per channel that occurs: ``asked`` and one column per answer; an area with several rows of one
        channel counts once, under the first of its answers in the order of :data:`ANSWERS`. Last row ``any``:
        areas asked by any channel, those with a yes by one, with a no but no yes, and so on.

    Examples
    --------
    >>> rows = pd.DataFrame({"area_id": ["a", "a", "b"], "channel": ["web", "telephone", "web"],
    ...     "answer": ["no", "yes", "no"]})
    >>> count_answers(rows)[["asked", "yes", "no"]]
               asked  yes  no
    channel
    web            2    0   2
    telephone      1    1   0
    any            2    1   1
    """
    asked = rows.dropna(subset=["channel"])
    parts = {channel: asked[asked["channel"].eq(channel)] for channel in CHANNELS}
    parts = {channel: part for channel, part in parts.items() if len(part)} | {"any": asked}
    counts = []
    for part in parts.values():
        place = part["answer"].map({answer: i for i, answer in enumerate(ANSWERS)}).astype(int)
        first = place.groupby(part["area_id"]).min()
        counts.append([len(first), *(int(first.eq(i).sum()) for i in range(len(ANSWERS)))])
    index = pd.Index(parts, name="channel")
    return pd.DataFrame(counts, index=index, columns=["asked", *ANSWERS])


def support_status(own: pd.DataFrame) -> str:
    """Say what the rows of one area amount to: one of :data:`STATUSES`.

    Examples
    --------
    >>> rows = pd.DataFrame({"channel": ["web", "telephone"], "answer": ["no", "no answer"]})
    >>> support_status(rows.assign(contradicted=False))
    'no answer'
    """
    claimed, asked = [], set()
    for answer, contradicted, channel in zip(own["answer"], own["contradicted"], own["channel"], strict=True):
        if answer == "yes":
            claimed.append(not contradicted)
        if pd.isna(channel) or channel != "web":
            asked.add(answer)
    if claimed:
        return "yes" if any(claimed) else "contested"
    return next((status for status in STATUSES if status in asked), "not asked")


def programmes(own: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Give the rows of each programme that one area has, those without a name together.

    Examples
    --------
    >>> rows = pd.DataFrame({"answer": ["yes"] * 3, "programme": ["work", None, None], "contradicted": False})
    >>> [len(programme) for programme in programmes(rows)]
    [2, 1]
    """
    there = own[own["answer"].eq("yes") & ~own["contradicted"]]
    for _, same in there.groupby(there["programme"].fillna("")):
        yield same


def _places(programme: pd.DataFrame) -> tuple[int, int | None]:
    """Places of one programme a year: rows that differ leave what lies between open."""
    known = programme.dropna(subset=["capacity_low", "capacity_high"])
    if known.empty:
        return 0, None
    return int(known["capacity_low"].min()), int(known["capacity_high"].max())
