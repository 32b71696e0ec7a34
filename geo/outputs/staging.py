"""Where files are made before they stand in their place, and how a whole set of them is put there.

A set is made in a hidden folder beside its place and moved when all of it is whole. One writer at a time
moves files into a folder. What a program that was killed left behind is removed by the next one there.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from geo.errors import GeoError, OutputError
from geo.outputs.locks import held, locked

PREFIX = ".retorno-"
"""Of hidden folders."""
TURN = ".retorno-lock"
"""Held by the one writer that moves files into a folder."""
ALIVE = ".alive"
"""Held in a hidden folder as long as its program runs."""
_HIDDEN = re.compile(rf"(?<![^/\\]){re.escape(PREFIX)}[a-z0-9_]{{8}}[/\\]")  # as they are named below
WAIT = 20.0
"""Seconds to wait for a turn: moving takes far less than one."""


@contextmanager
def staging_folder(folder: Path) -> Iterator[Path]:
    """Give a hidden folder beside the place of what is made in it; it goes with all it holds.

    Hidden folders of programs that no longer run are removed first.

    Parameters
    ----------
    folder : Path
        Where the files will stand. It must be there and writable.

    Raises
    ------
    OSError
        If the folder does not take it.
    OutputError
        If another program moves files into it all the while.

    Examples
    --------
    >>> place = Path(tempfile.mkdtemp())
    >>> with staging_folder(place) as staging:
    ...     print(staging.parent == place, staging.name.startswith(".retorno-"))
    True True
    >>> list(place.iterdir())
    []
    """
    staging: Path | None = None
    with ExitStack() as alive:
        try:
            with one_writer(folder) as known:
                # Between its making and its lock nobody may take the new folder for one that was left.
                if known:
                    _sweep(folder)
                staging = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
                alive.enter_context(locked(staging / ALIVE))
            yield staging
        finally:
            alive.close()
            if staging is not None:
                shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def places_named() -> Iterator[None]:
    """Name in errors the places of files, not the hidden folders in which they are made, and which are gone.

    Examples
    --------
    >>> with places_named():
    ...     raise OutputError("a disk has space", "out/.retorno-a1b2c3d4/.retorno-e5f6_7h8/a", "free some")
    Traceback (most recent call last):
        ...
    geo.errors.OutputError: a disk has space; received out/a; free some
    """
    try:
        yield
    except GeoError as error:
        received = _HIDDEN.sub("", error.received)
        raise type(error)(error.rule, received, error.remedy) from error


@contextmanager
def one_writer(folder: Path) -> Iterator[bool]:
    """Wait for a turn to move files into a folder, and hold it.

    Yields
    ------
    bool
        Whether others wait: False where the disk knows no locks.

    Raises
    ------
    OutputError
        If another program moves files there all the while.
    """
    try:
        turn = ExitStack()
        known = turn.enter_context(locked(folder / TURN, wait=WAIT))
    except BlockingIOError as error:
        raise OutputError(
            "one run at a time moves its files into a folder",
            f"another one that has been at it in {folder} for {WAIT:.0f} seconds",
            "wait until it has ended and repeat, or write to another folder",
        ) from error
    with turn:
        yield known


def put(draft: Path, target: Path, *, overwrite: bool) -> None:
    """Move a file to its place in one step.

    Raises
    ------
    FileExistsError
        If something stands there that is not to be replaced, since when or by whom whatever.

    Examples
    --------
    >>> place = Path(tempfile.mkdtemp())
    >>> _ = (place / "new").write_text("new"), (place / "old").write_text("old")
    >>> put(place / "new", place / "old", overwrite=False)
    Traceback (most recent call last):
    ...
    FileExistsError: [Errno 17] File exists: ...
    """
    if overwrite:
        draft.replace(target)
        return
    try:
        # Unlike a rename, a second name is never given to what is there already.
        os.link(draft, target)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        draft.rename(target)  # a disk without second names
        return
    draft.unlink()


def put_all(
    staging: Path,
    targets: Iterable[Path],
    *,
    stale: Iterable[Path] = (),
    overwrite: bool,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Put the files of a hidden folder in their places, all of them or none, while no other writer does.

    A name always stands for a whole file, the old or the new, also where the program is killed in between.

    Parameters
    ----------
    staging : Path
        Holds a file of each name, as `staging_folder` gives it: beside the places, or above them.
    targets : iterable of Path
        The places.
    stale : iterable of Path
        Files of an earlier set that the new one does not replace: they would contradict it, and go.
    overwrite : bool
        Whether files that are there may be replaced.
    check : callable
        What must still hold when it is this writer's turn; raises where it does not.

    Raises
    ------
    OutputError
        If a file is there that may not be replaced, or cannot be. All is then as it was.
    """
    with one_writer(staging.parent):
        check()
        _move(staging, list(targets), list(stale), overwrite=overwrite)


def _move(staging: Path, targets: list[Path], stale: list[Path], *, overwrite: bool) -> None:
    begun: list[Path] = []
    kept: dict[Path, Path] = {}
    try:
        for target in targets:
            target.parent.mkdir(exist_ok=True)
            if overwrite and target.exists():
                kept[target] = _kept(target, staging / f"old-{target.name}")
            begun.append(target)
            put(staging / target.name, target, overwrite=overwrite)
        for target in stale:
            if target.exists():
                kept[target] = _kept(target, staging / f"old-{target.name}")
                begun.append(target)
                target.unlink()
    except BaseException as error:
        _put_back(staging, begun, kept)
        for within in {target.parent for target in targets} - {staging.parent}:
            if within.is_dir() and not any(within.iterdir()):
                within.rmdir()
        if isinstance(error, FileExistsError):
            raise OutputError(
                "existing output is never overwritten unasked",
                f"{error.filename2 or error.filename}, which another program has just written",
                "add --overwrite, or name another folder with --out",
            ) from error
        if isinstance(error, OSError):
            raise OutputError(
                "a file to be replaced must not be open elsewhere",
                f"{error.filename}: {error.strerror}",
                "close it and run again; the earlier files are as they were",
            ) from error
        raise


def _put_back(staging: Path, begun: list[Path], kept: Mapping[Path, Path]) -> None:
    """Undo a move: old files return to their names, and new ones that replaced nothing go."""
    for target in begun:
        if target in kept:
            with suppress(FileNotFoundError):
                kept[target].replace(target)
        elif _is_ours(target, staging / target.name):
            target.unlink(missing_ok=True)


def _is_ours(target: Path, draft: Path) -> bool:
    """Say whether the new file is in its place: the draft has moved there, or is the same by two names."""
    try:
        return target.samefile(draft)
    except FileNotFoundError:
        return not draft.exists()


def _kept(target: Path, aside: Path) -> Path:
    """Give an old file a second name, or a copy where the disk knows no second names."""
    try:
        os.link(target, aside)
    except OSError:
        shutil.copy2(target, aside)
    return aside


def _sweep(folder: Path) -> None:
    """Remove hidden folders whose program no longer runs: nobody holds their lock, or they are empty."""
    for left in folder.glob(f"{PREFIX}*"):
        if left.is_symlink() or not left.is_dir():
            continue
        if (left / ALIVE).exists() and not held(left / ALIVE):
            shutil.rmtree(left, ignore_errors=True)
        else:
            with suppress(OSError):
                left.rmdir()
