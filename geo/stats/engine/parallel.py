"""Independent pieces of work side by side, on more than one core where there are more."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from threading import Event, local
from typing import TypeVar

_Made = TypeVar("_Made")
MOST = 4  # at a time: each holds blocks of permutations in memory
_HERE = local()  # what calls off the task of a thread


def side_by_side(tasks: Sequence[Callable[[], _Made]]) -> list[_Made]:
    """Run tasks at the same time and give what each returned, in their order.

    Threads are enough, since NumPy and SciPy let go of the interpreter while they compute. What a task finds
    must not depend on the others: each draws from a generator of its own, made from the seed. Where one
    fails, those after it end with the block they are at (see :func:`blocks`), and where the program is
    interrupted, all do; of several that fail it is always the first in order that is raised.

    Examples
    --------
    >>> side_by_side([lambda: 1, lambda: 2])
    [1, 2]
    """
    if len(tasks) < 2:
        return [task() for task in tasks]
    called_off = Event()
    signs = (*_signs(), called_off)

    def made(task: Callable[[], _Made]) -> _Made:
        _HERE.signs = signs
        return task()

    with ThreadPoolExecutor(max_workers=min(MOST, len(tasks), _cores())) as pool:
        try:
            return [future.result() for future in [pool.submit(made, task) for task in tasks]]
        except BaseException:
            called_off.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def blocks(total: int, size: int) -> Iterator[int]:
    """Give where each block begins, as ``range(0, total, size)``, until the work is called off.

    Raises
    ------
    concurrent.futures.CancelledError
        If nobody waits for the result any more.

    Examples
    --------
    >>> list(blocks(1000, 400))
    [0, 400, 800]
    """
    for start in range(0, total, size):
        if any(sign.is_set() for sign in _signs()):
            raise CancelledError
        yield start


def _signs() -> tuple[Event, ...]:
    return getattr(_HERE, "signs", ())


def _cores() -> int:
    """Cores that this process may use: more threads than that stand in each other's way."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
