"""All choices of a run."""

from __future__ import annotations

from typing import Literal

Coverage = Literal["all", "highest"]
"""Whether areas without a row are unknown, or known to come after the list."""
