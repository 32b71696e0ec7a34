"""The command is told to stop: by a person, a scheduler, a system that shuts down, a terminal that closes."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NAMES = ("SIGTERM", "SIGHUP", "SIGINT")
"""Signals that end a program in the middle of its work unless it listens; Windows knows no hangup."""
AGAIN = 1.0
"""Seconds after which a program that was told to stop and goes on is told again."""
PATIENCE = 5.0
"""Seconds for which a person who goes on asking is left to wait for the clearing."""


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
    error that comes of it is no error. Once the clearing has begun nothing disturbs it, for as long as
    anybody would wait. Signals that somebody handles or ignores already, as ``nohup`` does, are left alone,
    and so are all of them outside the main thread, which alone may listen.

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
    listener = _Listener(reminded=getattr(signal, "SIGALRM", None) in heard)
    try:
        for number in heard:
            signal.signal(number, listener.hear)
        yield
    except Exception as error:
        if listener.signum is not None:
            raise Stopped(listener.signum) from error
        raise
    finally:
        listener.over = True
        listener.remind(0)
        for number in heard:
            signal.signal(number, usual[number])


class _Listener:
    """The first signal that was received, and when."""

    def __init__(self, *, reminded: bool) -> None:
        self.signum: int | None = None
        self.since = 0.0
        self.reminded = reminded
        self.over = False

    def hear(self, number: int, _frame: FrameType | None) -> None:
        if self.over:
            return
        if self.signum is None:
            self.signum = number
            self.remind(AGAIN)
        reminder = self.reminded and number == signal.SIGALRM
        clearing = _is_clearing(sys.exception())
        if not clearing:
            self.since = time.monotonic()
        if not clearing or (not reminder and time.monotonic() - self.since > PATIENCE):
            raise Stopped(self.signum)

    def remind(self, seconds: float) -> None:
        """Let the system tell it again so often; 0 for no more."""
        if self.reminded:
            signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


def _is_clearing(handled: BaseException | None) -> bool:
    """Say whether the program is on its way out already, or in the middle of another way out."""
    while handled is not None:
        if isinstance(handled, Stopped):
            return True
        handled = handled.__context__
    return False
