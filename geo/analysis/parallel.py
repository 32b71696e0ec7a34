"""Independent pieces of work side by side, on more than one core where there are more."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Made = TypeVar("_Made")
MOST = 4  # at a time: each holds blocks of permutations in memory


def side_by_side(tasks: Sequence[Callable[[], _Made]]) -> list[_Made]:
    """Run tasks at the same time and give what each returned, in their order.

    Threads are enough, since NumPy and SciPy let go of the interpreter while they compute. What a task finds
    must not depend on the others: each draws from a generator of its own, made from the seed.

    Examples
    --------
    >>> side_by_side([lambda: 1, lambda: 2])
    [1, 2]
    """
    if len(tasks) < 2:
        return [task() for task in tasks]
    with ThreadPoolExecutor(max_workers=min(MOST, len(tasks), _cores())) as pool:
        return [future.result() for future in [pool.submit(task) for task in tasks]]


def _cores() -> int:
    """Cores that this process may use: more threads than that stand in each other's way."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
