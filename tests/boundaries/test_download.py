"""Downloads from a server on this computer that does everything wrong a server can."""

from __future__ import annotations

import hashlib
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import geo
from geo.boundaries.download import Limits, bar, download
from tests.boundaries.server import Server, serving

CONTENT = b"PK\x03\x04" + bytes(range(256)) * 2_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
QUICK = Limits(answer=2.0, silence=1.0, total=2.0, bytes=2_000_000)
BY_HAND = "try again later, or download it in a browser and give it with --boundaries FILE"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(CONTENT) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.mark.parametrize("path", ["good", "moved", "without-length"])
def test_a_file_comes_whole_with_its_hash(path: str, server: Server, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    file = tmp_path / "c.zip"
    assert (
        download(server.url(path), file, format="zip", progress=lambda *p: seen.append(p), limits=QUICK)
        == SHA256
    )
    assert file.read_bytes() == CONTENT
    assert [p.name for p in tmp_path.iterdir()] == ["c.zip"]
    assert seen[-1] == (len(CONTENT), 0 if path == "without-length" else len(CONTENT))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_known_hash_is_held_to(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "c.zip"
    assert download(server.url(), file, format="zip", sha256=SHA256, limits=QUICK) == SHA256


@pytest.mark.parametrize(
    ("path", "rule", "received", "remedy"),
    [
        ("missing", "the address has the file", "404 Not Found", BY_HAND),
        ("broken", "the address has the file", "503 Service Unavailable", BY_HAND),
        ("page", "the address has the zip file", "a web page", BY_HAND),
        ("other", "the address has the zip file", "bytes b'%PDF-1.7'", BY_HAND),
        ("nothing", "the address has the file", "nothing", BY_HAND),
        ("moved-in-circles", "the address has the file", "one redirect after another", BY_HAND),
        ("announced-large", "a download has at most 2 MB", "1,000,000 MB or more", BY_HAND),
        ("endless", "a download has at most 2 MB", "2 MB or more", BY_HAND),
        ("silent", "the address answers", "no answer in 1 s", BY_HAND),
        ("drip", "a download comes in reasonable time", "not finished after 2 s", BY_HAND),
    ],
)
def test_what_goes_wrong_is_said_and_leaves_nothing(
    path: str, rule: str, received: str, remedy: str, server: Server, tmp_path: Path
) -> None:
    started = time.monotonic()
    with pytest.raises(geo.BoundaryError) as raised:
        download(server.url(path), tmp_path / "c.zip", format="zip", limits=QUICK)
    assert raised.value.rule == rule
    assert raised.value.received == f"{server.url(path)}: {received}"
    assert raised.value.remedy == remedy
    assert list(tmp_path.iterdir()) == []
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("path", "why"), [("cut", "then the connection was cut"), ("stall", "no more for 1 s")]
)
def test_half_a_file_is_none(path: str, why: str, server: Server, tmp_path: Path) -> None:
    with pytest.raises(geo.BoundaryError) as raised:
        download(server.url(path), tmp_path / "c.zip", format="zip", limits=QUICK)
    assert raised.value.rule == "a download comes whole"
    assert raised.value.received.startswith(f"{server.url(path)}: ")
    assert raised.value.received.endswith(f" of 512,004 bytes, {why}")
    assert list(tmp_path.iterdir()) == []


def test_another_file_than_the_known_one_is_refused(server: Server, tmp_path: Path) -> None:
    with pytest.raises(geo.BoundaryError) as raised:
        download(server.url(), tmp_path / "c.zip", format="zip", sha256="0" * 64, limits=QUICK)
    assert raised.value.rule == "the file is the one known (sha256 000000000000...)"
    assert raised.value.received == f"{server.url()}: 512,004 bytes with sha256 {SHA256[:12]}..."
    assert raised.value.remedy == "the publisher may have replaced it: look at its page before trusting it"
    assert list(tmp_path.iterdir()) == []


def test_an_address_where_nobody_listens_is_said(tmp_path: Path) -> None:
    with serving(b"") as gone:
        url = gone.url()
    with pytest.raises(geo.BoundaryError) as raised:
        download(url, tmp_path / "c.zip", format="zip", limits=QUICK)
    assert (raised.value.rule, raised.value.received) == ("the address answers", f"{url}: no connection")


@pytest.mark.parametrize("url", ["http://www.bcn.cl/x.zip", "ftp://www.bcn.cl/x.zip", "file:///etc/passwd"])
def test_only_tls_is_taken_from_elsewhere(url: str, tmp_path: Path) -> None:
    with pytest.raises(geo.BoundaryError) as raised:
        download(url, tmp_path / "c.zip", format="zip", limits=QUICK)
    assert str(raised.value) == (
        f"downloads come over TLS (https); received {url}; correct the address in the catalogue"
    )


def test_a_redirect_off_tls_is_not_followed(server: Server, tmp_path: Path) -> None:
    with pytest.raises(geo.BoundaryError, match=r"over TLS \(https\); received http://example.invalid"):
        download(server.url("moved-off-tls"), tmp_path / "c.zip", format="zip", limits=QUICK)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_a_server_that_cannot_prove_who_it_is_is_not_believed(tmp_path: Path) -> None:
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -keyout key -out cert"
    subprocess.run(make, shell=True, cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    with serving(CONTENT, context) as server:
        url = server.url().replace("http:", "https:")
        with pytest.raises(geo.BoundaryError) as raised:
            download(url, tmp_path / "c.zip", format="zip", limits=QUICK)
    assert raised.value.rule == "the server proves who it is (TLS)"
    assert raised.value.received == f"{url}: a certificate that is not trusted"
    assert not (tmp_path / "c.zip").exists()


def test_progress_is_drawn_on_one_line() -> None:
    drawn: list[tuple[str, bool]] = []

    def redraw(line: str, *, last: bool) -> None:
        drawn.append((line, last))

    draw = bar(redraw, "bcn")
    for done in (0, 500_000, 500_001, 1_000_000):
        draw(done, 1_000_000)
    assert [last for _, last in drawn] == [False, False, True]
    assert drawn[-1][0].endswith("100 %  1.0 of 1.0 MB")
    bar(redraw, "dpa")(3_000_000, 0)
    assert drawn[-1] == ("dpa  3.0 MB", False)


def test_an_interruption_leaves_nothing(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("threading.Thread.join", interrupt)
    with pytest.raises(KeyboardInterrupt):
        download(server.url("stall"), tmp_path / "c.zip", format="zip", limits=QUICK)
    assert list(tmp_path.iterdir()) == []
