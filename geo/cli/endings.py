"""What ends a command before its time: each has one line on standard error and an exit status."""

from __future__ import annotations

import signal

from geo.cli import terminal
from geo.cli.stopping import Stopped
from geo.errors import GeoError


def tell(error: GeoError | OSError | MemoryError | KeyboardInterrupt | Stopped) -> int:
    """Say why a command ended, and give its exit status.

    Examples
    --------
    >>> tell(GeoError("a rate needs a population", "row 4: 0", "correct it"))
    1
    """
    line, status = _line_and_status(error)
    terminal.complain(f"retorno: {line}")
    return status


def _line_and_status(error: BaseException) -> tuple[str, int]:
    if isinstance(error, KeyboardInterrupt):
        error = Stopped(signal.SIGINT)
    if isinstance(error, Stopped):
        how = "interrupted" if error.status == 128 + signal.SIGINT else "stopped"
        return f"{how}; nothing was half-written", error.status
    if isinstance(error, MemoryError):
        received = str(error) or "no more of it"
        error = GeoError("a run fits into memory", received, "ask for less, or close other programs")
    elif isinstance(error, OSError):
        rule = "a run needs files and folders of its system"
        error = GeoError(rule, str(error), "see that they are there and may be used")
    return str(error), 1
