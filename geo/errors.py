"""What can go wrong, named.

::

    GeoError                 everything this package raises on purpose
    ├── InputError           a file, option or value from outside cannot be used
    │   ├── TableError       a table cannot be read as releases by area
    │   ├── BoundaryError    a layer cannot be used as boundaries
    │   └── MatchError       rows and areas cannot be brought together
    ├── StatisticError       a statistic was asked for that the values do not allow
    └── OutputError          a result cannot be written where it was asked for

Every message has three parts: the rule, what was received, and the remedy.
"""

from __future__ import annotations

from geo.controls import without_controls

__all__ = [
    "BoundaryError",
    "GeoError",
    "InputError",
    "MatchError",
    "OutputError",
    "StatisticError",
    "TableError",
]


class GeoError(Exception):
    """Base of every error that this package raises on purpose.

    Parameters
    ----------
    rule : str
        What must hold.
    received : str
        What came instead: file, row, value.
    remedy : str
        What to do about it, with the option or command to use.

    Examples
    --------
    >>> print(GeoError("a rate needs a population", "row 4: 0", "correct it or drop the row"))
    a rate needs a population; received row 4: 0; correct it or drop the row
    """

    def __init__(self, rule: str, received: str, remedy: str) -> None:
        self.rule, self.received, self.remedy = rule, received, remedy
        # What was received is quoted, and may hold anything; whoever shows it is not commanded by it.
        super().__init__(without_controls(f"{rule}; received {received}; {remedy}"))


class InputError(GeoError):
    """A file, option or value from outside cannot be used."""


class TableError(InputError):
    """A table cannot be read as releases by area."""


class BoundaryError(InputError):
    """A layer cannot be used as boundaries."""


class MatchError(InputError):
    """Rows and areas cannot be brought together."""


class StatisticError(GeoError):
    """A statistic was asked for that the values do not allow."""


class OutputError(GeoError):
    """A result cannot be written where it was asked for."""
