"""Files that are written whole or not at all, and the one date they carry."""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from geo.errors import OutputError
from geo.outputs.staging import one_writer, put, staging_folder

WRITE_OPTION = "pass overwrite=True (--overwrite) to replace it, or choose another name"

# What a person can do about each refusal of the system; any other OSError is a fault and stays one.
_REMEDIES = {
    errno.EACCES: "choose a folder you may write in, and close the file in other programs",
    errno.EPERM: "choose a folder you may write in, and close the file in other programs",
    errno.EROFS: "choose a folder that is not read-only",
    errno.ENOENT: "create the folder first",
    errno.ENOTDIR: "choose a folder, not a file, to write in",
    errno.ENOSPC: "free some space or write to another disk",
    errno.EDQUOT: "free some space or write to another disk",
    errno.EFBIG: "write to a disk that takes larger files",
    errno.EIO: "check the disk, or write to another one",
    errno.ENAMETOOLONG: "choose a shorter name",
}


@contextmanager
def written_whole(path: str | os.PathLike[str], *, overwrite: bool = False) -> Iterator[Path]:
    """Give a temporary path to write to, and move what was written into place at the end.

    The temporary file has the name of the final one and stands in a folder of its own beside it, so that
    journals and other leftovers of the writing program go when that folder goes. If the block fails or is
    interrupted, an older file of that name is still there, whole.

    Parameters
    ----------
    path : path-like
        The file wanted. Its folder must exist; a link is followed.
    overwrite : bool
        Whether an existing file may be replaced.

    Yields
    ------
    Path
        Where to write.

    Raises
    ------
    OutputError
        If the file exists and `overwrite` is False, also where it came into being since the block began, or
        the folder or disk does not take it.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "note.txt"
    >>> with written_whole(target) as draft:
    ...     _ = draft.write_text("whole", encoding="utf-8")
    >>> target.read_text(encoding="utf-8"), len(list(target.parent.iterdir()))
    ('whole', 1)
    """
    target = Path(path).resolve()
    staging = ExitStack()
    try:
        if target.is_dir():
            raise OutputError(
                "a result is written to a file", f"the folder {target}", "add a file name to it"
            )
        if target.exists() and not overwrite:
            raise _existing(target)
        folder = staging.enter_context(staging_folder(target.parent))
    except OSError as error:
        raise _refused(error, target) from error
    with staging:
        try:
            draft = folder / target.name
            yield draft
            _to_disk(draft)
            with one_writer(target.parent):
                put(draft, target, overwrite=overwrite)
        except FileExistsError as error:
            # It was not there before: somebody else wrote it meanwhile.
            raise _existing(target) from error
        except OSError as error:
            # A missing file inside the block is a fault of the writer, not of the folder, which was there.
            if error.errno in _REMEDIES and not isinstance(error, FileNotFoundError):
                raise _refused(error, target) from error
            raise


def open_elsewhere(path: Path) -> bool:
    """Say whether a file is open, in another program or in this one, as far as the system tells.

    Linux tells the owner of a file, by giving or refusing a lease on it; elsewhere the answer is no.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as file:
    ...     open_elsewhere(Path(file.name)) is (sys.platform == "linux")
    True
    """
    if sys.platform != "linux":
        return False
    # Another run may look into the file at this very moment; who shows or edits it keeps it open.
    return all(_is_open(path, after=pause) for pause in (0, 0.01, 0.05, 0.1))


def _is_open(path: Path, *, after: float) -> bool:
    import fcntl

    time.sleep(after)
    try:
        with path.open("rb") as file:
            # Who opens the file while the lease is held makes the system send a signal: one that is ignored.
            fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    return False


def written_at() -> datetime:
    """Give the date that outputs carry: ``SOURCE_DATE_EPOCH`` where it is set, else the day.

    The hour is left out: the same inputs give the same bytes all day, and with ``SOURCE_DATE_EPOCH`` always.

    Raises
    ------
    OutputError
        If ``SOURCE_DATE_EPOCH`` is not a number of seconds.

    Examples
    --------
    >>> written_at().tzinfo
    datetime.timezone.utc
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not seconds:
        return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        return datetime.fromtimestamp(int(seconds), tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        rule = "SOURCE_DATE_EPOCH is a whole number of seconds since 1970"
        raise OutputError(rule, repr(seconds), "correct it or unset it") from error


def _to_disk(draft: Path) -> None:
    """Make the system store the bytes before the name points to them, lest a power cut leave it empty."""
    with draft.open("rb+") as file:
        os.fsync(file.fileno())


def _existing(target: Path) -> OutputError:
    return OutputError("an existing file is never replaced unasked", str(target), WRITE_OPTION)


def _refused(error: OSError, target: Path) -> OutputError:
    reason = os.strerror(error.errno) if error.errno else str(error)
    remedy = _REMEDIES.get(error.errno or 0, "choose another place to write to")
    return OutputError("a result needs a place where it can be written whole", f"{target}: {reason}", remedy)
