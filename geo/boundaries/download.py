"""Downloads that end: whole and checked, or with a reason and nothing left behind."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.parse import urljoin, urlsplit

from geo.boundaries.cache import sha256_of
from geo.boundaries.reading import is_web_page
from geo.errors import BoundaryError
from geo.files.temporary import NOT_TAKEN

Progress = Callable[[int, int], None]
"""Told the bytes received and the bytes expected (0 where the server does not say)."""

LOCAL = ("127.0.0.1", "::1", "localhost")
BEGINS = {"zip": (b"PK\x03\x04",), "geojson": (b"{", b"\xef\xbb\xbf{")}
BY_HAND = "try again later, or download it in a browser and give it with --boundaries FILE"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long to wait and how much to take."""

    answer: float = 30.0
    """Seconds until the server begins to answer, name lookup included."""
    silence: float = 30.0
    """Seconds without a byte."""
    total: float = 3600.0
    """Seconds altogether, so that a server which drips is left."""
    bytes: int = 1_000_000_000
    """Size of the file."""


PATIENT = Limits()
BRIEF = Limits(answer=5.0, silence=5.0, total=60.0)
"""For a download that a run tries on its own."""


def download(
    url: str,
    file: Path,
    *,
    format: str,
    sha256: str | None = None,
    limits: Limits = PATIENT,
    progress: Progress | None = None,
) -> str:
    """Download one file, or leave nothing.

    Parameters
    ----------
    url : str
        Over TLS; plain http is taken from this computer only.
    file : path
        Where to put it; its folder must exist.
    format : {"zip", "geojson"}
        What it must begin like.
    sha256 : str, optional
        What it must hash to.
    limits : Limits
    progress : callable, optional

    Returns
    -------
    str
        The file's sha256.

    Raises
    ------
    BoundaryError
        If the address cannot be reached, does not answer in time, sends a page instead of the file, sends
        too much, stops half-way, or sends another file than the one expected.
    OSError
        If the disk does not take the file.
    """
    _secure(url)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=file.parent, ignore_cleanup_errors=True) as folder:
        transfer = _Transfer(url, Path(folder), format, sha256, limits, progress)
        # A thread of its own: no timeout of a socket ends a name lookup that hangs or a server that drips.
        thread = threading.Thread(target=transfer.run, daemon=True)
        thread.start()
        try:
            answered = transfer.answered.wait(limits.answer)
            thread.join(limits.total if answered else 0)
        finally:
            transfer.cancelled = True
        if transfer.error is not None:
            raise transfer.error
        if thread.is_alive():
            waited = (
                f"not finished after {limits.total:g} s" if answered else f"no answer in {limits.answer:g} s"
            )
            raise transfer.failed("a download comes in reasonable time", waited)
        transfer.path.replace(file)
    return sha256_of(file)


class Redraw(Protocol):
    """Draws a line over the one before it, and leaves it standing after the last."""

    def __call__(self, line: str, *, last: bool) -> None: ...


def bar(redraw: Redraw, label: str) -> Progress:
    """Draw progress on one line of a terminal.

    Examples
    --------
    >>> bar(lambda line, last: print(line), "bcn")(5_000_000, 20_000_000)
    bcn  [#####...............]  25 %  5.0 of 20.0 MB
    """
    shown = -1

    def draw(done: int, total: int) -> None:
        nonlocal shown
        step = done * 100 // total if total else done // 500_000
        if step == shown:
            return
        shown = step
        if total:
            marks = "#" * (20 * done // total)
            line = f"{label}  [{marks:.<20}]  {step} %  {done / 1e6:.1f} of {total / 1e6:.1f} MB"
        else:
            line = f"{label}  {done / 1e6:.1f} MB"
        redraw(line, last=bool(total) and done >= total)

    return draw


def _secure(url: str) -> None:
    address = urlsplit(url)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOCAL):
        raise BoundaryError("downloads come over TLS (https)", url, "correct the address in the catalogue")


class _Transfer:
    """One attempt, in a thread; what it did is read from its fields."""

    def __init__(
        self,
        url: str,
        folder: Path,
        format: str,
        sha256: str | None,
        limits: Limits,
        progress: Progress | None,
    ) -> None:
        self.url, self.folder, self.format, self.sha256 = url, folder, format, sha256
        self.limits, self.progress = limits, progress
        self.path = folder / "download"
        self.answered = threading.Event()
        self.cancelled = False
        self.error: Exception | None = None
        self.done = self.expected = 0
        self.head = b""
        self.responses: list[Any] = []

    def failed(self, rule: str, received: str, remedy: str = BY_HAND) -> BoundaryError:
        return BoundaryError(rule, f"{self.url}: {received}", remedy)

    def run(self) -> None:
        try:
            self._fetch()
        except BoundaryError as error:
            self.error = error
        except Exception as error:  # a thread has nobody to raise to; the caller finds the reason here
            ours = isinstance(error, OSError) and error.errno in NOT_TAKEN
            self.error = error if ours else self._explained(error)
        finally:
            self.answered.set()

    def _fetch(self) -> None:
        import pooch  # loads slowly, and most runs download nothing

        with _quiet(pooch.get_logger()):
            pooch.retrieve(
                self.url,
                known_hash=self.sha256 and f"sha256:{self.sha256}",
                fname=self.path.name,
                path=self.folder,
                downloader=self._receive,
            )

    def _receive(self, url: str, output: str, _: object) -> None:
        """Let pooch fetch the file into a stream that counts and stops."""
        from pooch import HTTPDownloader

        fetch = HTTPDownloader(
            progressbar=self,
            chunk_size=16 * 1024,
            timeout=(self.limits.answer, self.limits.silence),
            headers={"Accept-Encoding": "identity"},  # a size that can be compared with the one announced
            hooks={"response": self._on_response},
        )
        try:
            with Path(output).open("wb") as self._file:
                fetch(url, self, None)
        finally:
            for response in self.responses:
                response.close()
        self._whole()

    def _on_response(self, response: Any, **_: object) -> None:
        """See that each step of a redirect stays on TLS, and that the address answers well."""
        self.answered.set()
        self.responses.append(response)
        if response.is_redirect:
            _secure(urljoin(response.url, response.headers["location"]))
        elif not response.ok:
            raise self.failed("the address has the file", f"{response.status_code} {response.reason}")

    # What pooch does with a progress bar.

    @property
    def total(self) -> int:
        return self.expected

    @total.setter
    def total(self, announced: int) -> None:
        self.expected = announced
        self._within(announced)

    def update(self, _: int) -> None:
        """Nothing: bytes are counted as they are written, pooch counts chunks."""

    reset = close = lambda self: None

    # What pooch does with an open file.

    def write(self, data: bytes) -> None:
        if self.cancelled:
            raise self.failed("a download comes in reasonable time", "stopped")
        self.done += len(data)
        self._within(self.done)
        if len(self.head) < 64:
            self.head += data[:64]
            self._kind()
        self._file.write(data)
        if self.progress is not None:
            self.progress(self.done, self.expected)

    def flush(self) -> None:
        """Nothing: the file is closed when it is whole."""

    _file: IO[bytes]

    def _within(self, size: int) -> None:
        if size > self.limits.bytes:
            most = f"at most {self.limits.bytes / 1e6:,.0f} MB"
            raise self.failed(f"a download has {most}", f"{size / 1e6:,.0f} MB or more")

    def _kind(self) -> None:
        """Stop at the first bytes where a page or another format comes instead of the file."""
        if is_web_page(self.head):
            raise self.failed(f"the address has the {self.format} file", "a web page")
        if len(self.head) >= 4 and not self.head.lstrip().startswith(BEGINS[self.format]):
            raise self.failed(f"the address has the {self.format} file", f"bytes {self.head[:8]!r}")

    def _whole(self) -> None:
        if self.done == 0:
            raise self.failed("the address has the file", "nothing")
        if self.expected and self.done != self.expected:
            received = f"{self.done:,} of {self.expected:,} bytes, then the connection was cut"
            raise self.failed("a download comes whole", received)
        if self.sha256 is not None and (digest := sha256_of(Path(self._file.name))) != self.sha256:
            raise self.failed(
                f"the file is the one known (sha256 {self.sha256[:12]}...)",
                f"{self.done:,} bytes with sha256 {digest[:12]}...",
                "the publisher may have replaced it: look at its page before trusting it",
            )

    def _explained(self, error: Exception) -> BoundaryError:
        """Put what the libraries raise into words; the kinds are told by name, as they come from several."""
        kinds = {kind.__name__ for kind in type(error).__mro__}
        if "TooManyRedirects" in kinds:
            return self.failed("the address has the file", "one redirect after another")
        if self.responses and kinds & {"RequestException", "HTTPException"}:
            stalled = "Timeout" in "".join(kinds) or "timed out" in str(error).lower()
            how = f"no more for {self.limits.silence:g} s" if stalled else "then the connection was cut"
            of = f" of {self.expected:,}" if self.expected else ""
            return self.failed("a download comes whole", f"{self.done:,}{of} bytes, {how}")
        if "SSLError" in kinds:
            return self.failed("the server proves who it is (TLS)", "a certificate that is not trusted")
        if kinds & {"ConnectTimeout", "ReadTimeout", "Timeout"}:
            return self.failed("the address answers", f"no answer in {self.limits.silence:g} s")
        if "ConnectionError" in kinds:
            return self.failed("the address answers", "no connection")
        return self.failed("the address has the file", f"{type(error).__name__}: {str(error)[:120]}")


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """Keep pooch from telling what this module tells itself."""
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
