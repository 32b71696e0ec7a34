"""What is known of a country's areas before any table is read."""

from __future__ import annotations

from typing import Literal

Pair = tuple[str, str]


Rule = Literal["queen", "rook"]
