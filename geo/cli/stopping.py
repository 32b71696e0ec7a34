"""The command is told to stop: by a person, a scheduler, a system that shuts down, a terminal that closes."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NAMES = ("SIGTERM", "SIGHUP", "SIGINT")
"""Signals that end a program in the middle of its work unless it listens; Windows knows no hangup."""
AGAIN = 1.0
"""Seconds after which a program that was told to stop and goes on is told again."""


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

    Code in C may drop what a signal raises, as some libraries do while they load: it is raised again, and an
    error that comes of it is no error. Once the clearing has begun nothing disturbs it. Signals that somebody
    handles or ignores already, as ``nohup`` does, are left alone, and so are all of them outside the main
    thread, which alone may listen.

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
    known = [getattr(signal, name) for name in (*NAMES, "SIGALRM") if hasattr(signal, name)]
    usual = {number: signal.getsignal(number) for number in known}
    heard = [n for n, how in usual.items() if how in (signal.SIG_DFL, signal.default_int_handler)]
    reminded = getattr(signal, "SIGALRM", None) in heard
    told: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if not told and reminded:
            signal.setitimer(signal.ITIMER_REAL, AGAIN, AGAIN)
        told.append(number)
        if not _is_clearing(sys.exception()):
            raise Stopped(told[0])

    for number in heard:
        signal.signal(number, stop)
    try:
        yield
    except Exception as error:
        if told:
            raise Stopped(told[0]) from error
        raise
    finally:
        if reminded:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number in heard:
            signal.signal(number, usual[number])


def _is_clearing(handled: BaseException | None) -> bool:
    """Say whether the program is on its way out already, or in the middle of another way out."""
    while handled is not None:
        if isinstance(handled, Stopped):
            return True
        handled = handled.__context__
    return False
