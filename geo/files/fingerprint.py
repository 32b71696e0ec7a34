"""What tells one version of a file from another: SHA-256, over all that belongs to it."""

from __future__ import annotations

from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import Path

COMPANIONS = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".mif": (".mid",),
}
"""What a format keeps beside the file that is named, by its ending."""


def fingerprint(file: Path | Traversable) -> str:
    """Hash a file; one that is read with others beside it, and a folder that is a layer, over all of them.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> (folder / "a.shp").write_text("shapes"), (folder / "a.dbf").write_text("names")
    (6, 5)
    >>> before = fingerprint(folder / "a.shp")
    >>> _ = (folder / "a.dbf").write_text("other")
    >>> fingerprint(folder / "a.shp") == before
    False
    """
    parts = _parts(file) if isinstance(file, Path) else []
    if not parts:
        return sha256(file.read_bytes()).hexdigest()
    whole = sha256()
    for name, part in parts:
        content = part.read_bytes()
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def _parts(file: Path) -> list[tuple[str, Path]]:
    """Name the files of a folder or of a set; none where a file stands for itself."""
    if file.is_dir():
        return sorted((part.relative_to(file).as_posix(), part) for part in file.rglob("*") if part.is_file())
    endings = COMPANIONS.get(file.suffix.lower())
    if endings is None:
        return []
    beside = [part for part in file.parent.iterdir() if part.stem == file.stem and part.is_file()]
    kept = [part for part in beside if part.suffix.lower() in (file.suffix.lower(), *endings)]
    return sorted((part.suffix.lower(), part) for part in kept)
