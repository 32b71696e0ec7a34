"""A page as PDF, printed by a browser that is already there: Chromium, Chrome or Edge, without a window."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from geo.errors import OutputError
from geo.files.temporary import temporary_folder
from geo.outputs.drafts import written_at

_COMMANDS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_NODE = re.compile(rb"\(node(\d{8})\)")  # how an element of the page is called in a PDF
_SECONDS = 120


def find_browser() -> str | None:
    """Find a browser that prints: on the path, or where its installer puts it.

    Returns
    -------
    str or None
        The command, or None where there is no such browser.
    """
    browser = next((path for command in _COMMANDS if (path := shutil.which(command))), None)
    return browser or next((place for place in _PLACES if Path(place).is_file()), None)


def print_page(page: Path, target: Path, lang: str = "") -> bool:
    """Print an HTML file to PDF as its style sheet lays it out, without a network.

    Parameters
    ----------
    page : Path
        The file to print.
    target : Path
        The PDF to write; an existing one is replaced.
    lang : str
        Language to print a page in that holds several; by default the one it starts in.

    Returns
    -------
    bool
        Whether there is a PDF now. There is none where no browser is found or it does not print.

    Raises
    ------
    OutputError
        If there is no place for what the browser needs for a while.
    """
    browser = find_browser()
    if browser is None:
        return False
    with temporary_folder(OutputError) as profile:
        printed = profile / "page.pdf"
        options = [
            "--headless",
            "--disable-gpu",
            "--no-pdf-header-footer",
            "--no-first-run",
            "--disable-extensions",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={profile}",
            f"--print-to-pdf={printed}",
        ]
        if sys.platform.startswith("linux") and os.geteuid() == 0:
            options.append("--no-sandbox")  # Chromium refuses to run as root otherwise; the page is our own
        try:
            subprocess.run(
                [browser, *options, page.resolve().as_uri() + (f"#{lang}" if lang else "")],
                check=True,
                capture_output=True,
                timeout=_SECONDS,
            )
            content = printed.read_bytes()
        except (OSError, subprocess.SubprocessError):
            return False
        if not content.startswith(b"%PDF"):
            return False
        target.write_bytes(_repeatable(content))
    return True


def _repeatable(content: bytes) -> bytes:
    """Take out what differs from one printing to the next, without moving a byte.

    The hour becomes the date that outputs carry. The elements of the page are numbered by a counter that the
    browser also uses for other things; they keep their order, in which they are looked up, and count from 1.
    """
    date = written_at().strftime("%Y%m%d%H%M%S").encode()
    content = re.sub(rb"(/(?:Creation|Mod)Date \(D:)\d{14}", lambda match: match[1] + date, content)
    numbers = {old: new for new, old in enumerate(sorted(set(_NODE.findall(content))), 1)}
    return _NODE.sub(lambda match: b"(node%08d)" % numbers[match[1]], content)
