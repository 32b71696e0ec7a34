"""What people write in a cell of which nothing is known; every room that reads cells asks here."""

from __future__ import annotations

_UNKNOWN = (
    "-|–|—|..|...|…|*|**|:|s/i|s.i.|s/d|s.d.|n/a|#n/a|#n/d|na|n.d.|nd|nan|null|none|<na>|sin información"
    "|sin informacion|sin dato|sin datos|no disponible|reservado|suprimido|suppressed|missing"
)
MISSING = frozenset(["", *_UNKNOWN.split("|")])
"""In lower case, without spaces around."""
