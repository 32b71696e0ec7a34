"""A page in Debian's Chromium with the network off, watched for errors and requests."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
_QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    "--no-first-run",
]
_OUTSIDE = re.compile(r"^(?!file:|data:|blob:)")


@contextmanager
def running_browser() -> Iterator[Any]:
    """Start Chromium once for many pages; skip where it is not installed, but never in CI."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is missing, and CI must not skip the browser tests")
        pytest.skip(f"needs {CHROMIUM}")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_QUIET)
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Any, file: Path, *, size: tuple[int, int] = (1366, 768), locale: str = "es-CL", place: str = ""
) -> Iterator[Any]:
    """Open a page; when the block ends, no script error and no request beyond the file may have happened."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, offline=True, locale=locale, reduced_motion="reduce"
    )
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda asked: troubles.append(asked.url) if _OUTSIDE.match(asked.url) else None)
    page.goto(file.as_uri() + place)
    yield page
    context.close()
    assert troubles == []
