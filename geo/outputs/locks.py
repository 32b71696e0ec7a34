"""Locks between programs that run at the same time; the system frees them when a program ends, however."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PAUSE = 0.02
"""Seconds between two attempts at a lock that somebody else holds."""

_HELD = {errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK, errno.EDEADLK}
# What disks without locks answer: some network drives, some systems that programs mount.
_UNKNOWN = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}


@contextmanager
def locked(path: Path, *, wait: float = 0.0) -> Iterator[bool]:
    """Hold the lock of a file, which is made for it and is gone afterwards.

    A program that is killed while it holds the lock leaves the file, but not the lock.

    Parameters
    ----------
    path : Path
        The file of the lock. Its folder must be there and writable.
    wait : float
        For how many seconds to wait where somebody else holds it.

    Yields
    ------
    bool
        Whether it is a lock: False where the disk knows none, and then others are not kept away.

    Raises
    ------
    BlockingIOError
        If somebody else holds it all the while.

    Examples
    --------
    >>> import tempfile
    >>> lock = Path(tempfile.mkdtemp()) / "lock"
    >>> with locked(lock) as known:
    ...     print(known, lock.exists(), held(lock))
    True True True
    >>> lock.exists(), held(lock)
    (False, False)
    """
    until = time.monotonic() + wait
    while (lock := _taken(path)) is None:
        if time.monotonic() >= until:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path))
        time.sleep(PAUSE)
    file, known = lock
    try:
        yield known
    finally:
        if sys.platform == "win32":
            # An open file cannot be removed there; one that somebody else has opened since stays theirs.
            os.close(file)
            with suppress(OSError):
                path.unlink()
        else:
            # The name goes first: who opened the file meanwhile sees that it has none, and makes another.
            with suppress(OSError):
                path.unlink()
            os.close(file)


def held(path: Path) -> bool:
    """Say whether somebody holds the lock of a file, this program included.

    Where the disk knows no locks the answer is yes, since nobody can tell.

    Examples
    --------
    >>> held(Path("not-there.lock"))
    False
    """
    if not path.exists():
        return False
    try:
        with locked(path) as known:
            return not known
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _taken(path: Path) -> tuple[int, bool] | None:
    """Open and lock a file; None where somebody else has it, or removed it just now."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except PermissionError:
        if sys.platform == "win32" and path.parent.is_dir():
            return None  # being removed at this moment
        if not path.exists():
            raise
        file = os.open(path, os.O_RDONLY)  # made by another user, in a folder of both
    try:
        known = _lock(file)
        if known is None or not _is_named(file, path):
            os.close(file)
            return None
    except BaseException:
        with suppress(OSError):
            os.close(file)
        raise
    return file, known


def _lock(file: int) -> bool | None:
    """Lock an open file: True if it is locked, False where there are no locks, None if another has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return None
        if error.errno in _UNKNOWN:
            return False
        raise
    return True


def _is_named(file: int, path: Path) -> bool:
    """Say whether the name still stands for the open file, which its last holder may have removed."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False
