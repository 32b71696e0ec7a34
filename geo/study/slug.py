"""The short name of a result, with which the names of its files begin: which table, which year, which region.

It stands in addresses, on every system and on every disk, so it is of letters, digits, dots, hyphens and
underscores alone.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60
"""Letters; the rest of a file's name is some twenty more."""
NAMELESS = "table"
"""What a table is called whose name has no letter or digit that every system takes."""

# Names that Windows keeps for its devices, whatever follows their first dot.
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)\d)(\.|$)", re.IGNORECASE)


def slug(stem: str, year: int | None = None, region: str | None = None) -> str:
    """Name a result by its table, its year and the region it is about.

    Parameters
    ----------
    stem : str
        Name of the study, or of the table without its ending.
    year : int, optional
        Of the counts; added unless the name has it already.
    region : str, optional
        Where only one is mapped.

    Returns
    -------
    str
        Never empty, of at most `LONGEST` letters.

    Examples
    --------
    >>> slug("Egresos Ñuñoa (v2)", 2019), slug("chile-2016", 2016, "Valparaíso")
    ('Egresos-Nunoa-v2-2019', 'chile-2016-valparaiso')
    >>> slug("con"), slug("..."), slug("12016", 2016)
    ('table-con', 'table', '12016-2016')
    """
    name = portable(stem)
    # The end tells results apart: where room is short, the rest is cut.
    ending = f"-{portable(region).lower()[:40]}".rstrip("-._") if region else ""
    if year is not None and not re.search(rf"(?<!\d){year}(?!\d)", name[: LONGEST - len(ending)]):
        ending = f"-{year}{ending}"
    name = name[: LONGEST - len(ending)].rstrip("-._") or NAMELESS
    if _DEVICE.match(name + ending):
        name = f"{NAMELESS}-{name}"[: LONGEST - len(ending)].rstrip("-._")
    return name + ending


def study_slug(name: str, of: int, year: int | None, region: str | None = None) -> str:
    """Name a result of a shipped study, which may be run for another year than the one in its name.

    Examples
    --------
    >>> study_slug("dmcs-2016", 2016, 2016), study_slug("dmcs-2016", 2016, 2015)
    ('dmcs-2016', 'dmcs-2015')
    """
    return slug(name.removesuffix(f"-{of}"), year, region)


def portable(name: str) -> str:
    """Write a name with letters that every system takes: accents folded, everything else a hyphen.

    Examples
    --------
    >>> portable("  .O'Higgins & Ñuble "), portable("東京")
    ('OHiggins-Nuble', '')
    """
    plain = unicodedata.normalize("NFKD", re.sub("['’`´]", "", name))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^A-Za-z0-9._]+", "-", letters).strip("-._")
