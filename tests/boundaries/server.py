"""A server on this computer that serves files well and badly."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from urllib.parse import urlsplit


class Handler(BaseHTTPRequestHandler):
    """Each path is a way to answer: ``/good`` serves the file, the others do what their names say."""

    content = b""
    asked: list[str]
    stopping: threading.Event

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.asked.append(path)
        getattr(self, "get_" + path.strip("/").replace("-", "_"), self.get_good)()

    def log_message(self, *_: object) -> None:
        """Say nothing: the tests ask what was asked for."""

    def begin(self, status: int = 200, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def get_good(self) -> None:
        self.begin(length=len(self.content))
        self.wfile.write(self.content)

    def get_without_length(self) -> None:
        self.begin()
        self.wfile.write(self.content)

    def get_cut(self) -> None:
        self.begin(length=len(self.content))
        self.wfile.write(self.content[: len(self.content) // 2])

    def get_missing(self) -> None:
        self.send_error(404)

    def get_broken(self) -> None:
        self.send_error(503)

    def get_page(self) -> None:
        page = b"<!DOCTYPE html><html><body>Inicie sesion</body></html>"
        self.begin(length=len(page))
        self.wfile.write(page)

    def get_other(self) -> None:
        self.begin(length=12)
        self.wfile.write(b"%PDF-1.7 xxx")

    def get_nothing(self) -> None:
        self.begin(length=0)

    def get_announced_large(self) -> None:
        self.begin(length=10**12)
        self.wfile.write(self.content)

    def get_endless(self) -> None:
        self.begin()
        while not self.stopping.is_set():
            self.wfile.write(self.content)

    def get_moved(self) -> None:
        self.begin(302, 0, Location="/good")

    def get_moved_in_circles(self) -> None:
        self.begin(302, 0, Location="/moved-in-circles")

    def get_moved_off_tls(self) -> None:
        self.begin(302, 0, Location="http://example.invalid/comunas.zip")

    def get_drip(self) -> None:
        self.begin(length=len(self.content))
        for k in range(len(self.content)):
            if self.stopping.wait(0.05):
                return
            self.wfile.write(self.content[k : k + 1])

    def get_stall(self) -> None:
        self.begin(length=len(self.content))
        self.wfile.write(self.content[:100])
        self.wfile.flush()
        self.stopping.wait(30)

    def get_silent(self) -> None:
        self.stopping.wait(30)


class Server:
    """Where to ask, and what was asked for."""

    def __init__(self, handler: type[Handler], port: int) -> None:
        self.handler, self.port = handler, port

    @property
    def asked(self) -> list[str]:
        return self.handler.asked

    def url(self, path: str = "good") -> str:
        return f"http://127.0.0.1:{self.port}/{path}"


@contextmanager
def serving(content: bytes, tls: SSLContext | None = None) -> Iterator[Server]:
    stopping = threading.Event()
    handler = type("Serving", (Handler,), {"content": content, "asked": [], "stopping": stopping})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads, server.block_on_close = True, False
        server.handle_error = lambda *_: None  # a client that goes away is what some tests are about
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield Server(handler, server.server_address[1])
        finally:
            stopping.set()
            server.shutdown()
            thread.join(10)
