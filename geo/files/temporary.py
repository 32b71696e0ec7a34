"""Folders for what is needed for a while, and what is said where a disk does not take it."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import GeoError

__all__ = ["NOT_TAKEN", "not_taken", "temporary_folder"]

NOT_TAKEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
"""What systems answer where a disk does not take what is written, and never to who reads."""
_LITTLE = 2**20  # bytes left on a disk that is as good as full


@contextmanager
def temporary_folder(error: type[GeoError]) -> Iterator[Path]:
    """Give a folder that goes with all it holds.

    Parameters
    ----------
    error : type
        What to raise.

    Raises
    ------
    GeoError
        Of the given type, if there is no place for such a folder, or its disk does not take what is written.

    Examples
    --------
    >>> with temporary_folder(GeoError) as folder:
    ...     _ = (folder / "note").write_text("for a while", encoding="utf-8")
    >>> folder.exists()
    False
    """
    try:
        made = tempfile.TemporaryDirectory(prefix="retorno-", ignore_cleanup_errors=True)
    except OSError as cause:
        place = f"{Path(cause.filename).parent}: " if cause.filename else ""
        raise _refused(error, f"{place}{cause.strerror or cause}") from cause
    with made as folder:
        try:
            yield Path(folder)
        except GeoError:
            raise
        except Exception as cause:
            if reason := not_taken(cause, Path(folder)):
                raise _refused(error, f"{Path(folder).parent}: {reason}") from cause
            raise


def not_taken(error: Exception, folder: Path) -> str:
    """Say why a disk did not take what was written into a folder; nothing where that was not the reason.

    Databases and drivers say what they failed at, seldom why; where hardly anything is left, that is why.

    Examples
    --------
    >>> full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    >>> not_taken(full, Path.cwd()) == os.strerror(errno.ENOSPC), not_taken(ValueError(), Path.cwd())
    (True, '')
    """
    if isinstance(error, OSError) and error.errno is not None:
        touched = [str(path) for path in (error.filename, error.filename2) if path is not None]
        here = all(Path(path).is_relative_to(folder) for path in touched)
        return os.strerror(error.errno) if here and error.errno in NOT_TAKEN else ""
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        return ""  # what it reads is no database, or a damaged one
    full = "disk is full" in str(error) or shutil.disk_usage(folder).free < _LITTLE
    return os.strerror(errno.ENOSPC) if full else ""


def _refused(error: type[GeoError], received: str) -> GeoError:
    rule = "some files are needed for a while"
    return error(rule, received, "free some space there, or name a folder on another disk in TMPDIR")
