"""Digits and marks: one printed number with its thousands and decimal marks, as a number."""

from __future__ import annotations

import re
from collections.abc import Sequence

LIMIT = 10**10
"""No count of people, and no rate, is larger: the world has fewer inhabitants."""
_SPACES = " \u00a0\u202f\u2009'’"
GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_ATOM = re.compile(r"[+-]?[0-9][0-9.,]*|[+-]?[.,][0-9]+")


def whole(text: str, mark: str | None) -> int | None:
    """Read a whole number; None where it is none, or has a fraction.

    Parameters
    ----------
    text : str
        As printed.
    mark : {".", ","} or None
        The decimal mark; None where dots and commas are thousands.

    Examples
    --------
    >>> whole("295.731", None), whole("12.0", "."), whole("1 234", None), whole("0.125", None)
    (295731, 12, 1234, None)
    """
    tidy = ungroup(text)
    if tidy is None or not _ATOM.fullmatch(tidy):
        return None
    body, _, tail = tidy.partition(mark) if mark else (tidy, "", "")
    if tail.strip("0"):
        return None
    if mark and mark in tidy and not tail:
        return None
    if re.fullmatch(r"[+-]?[0-9]+", body):
        return int(body) if len(body) < 400 else LIMIT + 1
    return int(re.sub(r"[.,]", "", body)) if GROUPED.fullmatch(body) else None


def real(text: str, mark: str) -> float | None:
    """Read a number with decimals; None where it is none.

    Examples
    --------
    >>> real("1.182,8", ","), real("83", "."), real("1.2.3", ".")
    (1182.8, 83.0, None)
    """
    tidy = ungroup(text)
    if tidy is None or not _ATOM.fullmatch(tidy):
        return None
    body, _, tail = tidy.partition(mark)
    if tail and not tail.isdigit():
        return None
    if not re.fullmatch(r"[+-]?[0-9]*", body):
        if not GROUPED.fullmatch(body):
            return None
        body = re.sub(r"[.,]", "", body)
    return float(f"{body or '0'}.{tail or '0'}")


def own_mark(texts: Sequence[str]) -> str | None:
    """Find the mark that stands in these numbers where no thousands mark can stand.

    Examples
    --------
    >>> own_mark(["1.234", "12,5"]), own_mark(["1.234"]), own_mark(["0.125"])
    (',', None, '.')
    """
    for text in texts:
        for atom in _ATOM.findall(ungroup(text) or ""):
            last = max(atom.rfind("."), atom.rfind(","))
            if 0 <= last < len(atom) - 1 and not GROUPED.fullmatch(atom) and atom.count(atom[last]) == 1:
                return str(atom[last])
    return None


def ungroup(atom: str) -> str | None:
    """Take spaces out of the thousands; None where they stand elsewhere.

    Examples
    --------
    >>> ungroup("1 234"), ungroup("1 23")
    ('1234', None)
    """
    tidy = atom.strip()
    if not any(space in tidy for space in _SPACES):
        return tidy
    groups = re.fullmatch(rf"([+-]?[1-9][0-9]{{0,2}}(?:[{_SPACES}][0-9]{{3}})+)([.,][0-9]+)?", tidy)
    return re.sub(rf"[{_SPACES}]", "", tidy) if groups else None
