"""The command is told to stop: by the system that shuts down, a scheduler, or a terminal that closes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

NAMES = ("SIGTERM", "SIGHUP")
"""Signals that end a program in the middle of its work unless it listens; Windows knows the first alone."""


class Stopped(BaseException):  # like KeyboardInterrupt, it is no error
    """A signal told the program to stop.

    Examples
    --------
    >>> Stopped(15).status
    143
    """

    def __init__(self, number: int) -> None:
        self.status = 128 + number
        super().__init__(number)


@contextmanager
def stoppable() -> Iterator[None]:
    """Let signals to stop raise `Stopped`, so that what is being written is cleared away.

    A second signal changes nothing: the clearing has begun. Signals that somebody handles or ignores already,
    as ``nohup`` does, are left alone, and so are all of them outside the main thread, which alone may listen.

    Examples
    --------
    >>> with stoppable():
    ...     signal.raise_signal(signal.SIGTERM)
    Traceback (most recent call last):
    ...
    geo.cli.stopping.Stopped: 15
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    known = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
    heard = [number for number in known if signal.getsignal(number) == signal.SIG_DFL]

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        for one in heard:
            signal.signal(one, signal.SIG_IGN)
        raise Stopped(number)

    for number in heard:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, signal.SIG_DFL)
