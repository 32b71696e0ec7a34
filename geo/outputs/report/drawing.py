"""The paper that figures are drawn on: one look, both languages in one drawing, the same bytes each time.

A figure is drawn once, in one language. Every text on it is remembered in both, so that the drawing can stand
in a page that switches languages: only the texts are there twice.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape, unescape
from io import BytesIO
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from geo.text.labels import LANGUAGES, Lang, palette, text
from geo.text.numerals import number

WIDTH = 6.6
"""Inches: the width of a figure on the page and, with its margins, on A4."""

DOTS = 200
"""Dots per inch of the PNG."""

_FONT = "DejaVu Sans"  # comes with matplotlib, so that a PNG is the same everywhere
_LOOK: dict[str, Any] = {
    "font.family": _FONT,
    "font.size": 9,
    "text.parse_math": False,  # a name with two dollar signs is no formula
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.labelsize": 9,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.linewidth": 0.6,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "hatch.linewidth": 0.5,
    "svg.fonttype": "none",  # text stays text: it can be read aloud, searched, translated and edited
}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A finished figure."""

    name: str
    """Stem of its files, and how texts about it are called in the catalogue."""
    alt: Mapping[Lang, str]
    """What it shows, for those who do not see it."""
    caption: Mapping[Lang, str]
    """How to read it."""
    page: str
    """SVG element with the texts in both languages, to stand in an HTML page."""
    svg: str
    """SVG file in one language."""
    png: bytes
    """The same as PNG."""


class Words:
    """The texts of one drawing: given in its language, remembered in both.

    Examples
    --------
    >>> words = Words("en")
    >>> words.number(1234.5, 1), words.pairs["1,234.5"]
    ('1,234.5', {'es': '1.234,5', 'en': '1,234.5'})
    """

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.pairs: dict[str, dict[Lang, str]] = {}

    def say(self, make: Callable[[Lang], str]) -> str:
        """Make a text in every language."""
        texts: dict[Lang, str] = {lang: make(lang) for lang in LANGUAGES}
        self.pairs[texts[self.lang]] = texts
        return texts[self.lang]

    def text(self, key: str, **fill: object) -> str:
        """Look up a text of the catalogue."""
        return self.say(lambda lang: text(key, lang, **fill))

    def number(self, value: float, decimals: int = 0) -> str:
        """Print a number as each language does."""
        return self.say(lambda lang: number(value, lang, decimals))


@contextmanager
def drawing() -> Iterator[None]:
    """Draw with this module's look alone, whatever styles the reader's own matplotlib has."""
    own: dict[Any, Any] = {
        key: value for key, value in matplotlib.rcParamsDefault.items() if key != "backend"
    }
    colors = palette("figure")
    ink = {f"{part}.color": colors["ink"] for part in ("text", "xtick", "ytick")}
    lines = {"axes.edgecolor": colors["soft"], "axes.labelcolor": colors["ink"], "grid.color": colors["grid"]}
    with matplotlib.rc_context(own | _LOOK | ink | lines), warnings.catch_warnings():
        # Signs that the font lacks are drawn as boxes in the PNG; the SVG has them.
        warnings.filterwarnings("ignore", message="Glyph")
        yield


def sheet(height: float, width: float = WIDTH) -> Figure:
    """Take a sheet of paper, its size in inches."""
    return Figure(figsize=(width, height), facecolor="white")


def axes(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Place axes by their margins in inches."""
    width, height = figure.get_size_inches()
    box = (left / width, bottom / height, (width - left - right) / width, (height - bottom - top) / height)
    return figure.add_axes(box)


def number_axis(axis: Axis, words: Words, steps: int = 6) -> None:
    """Print the numbers of an axis as each language does, with the decimals that its steps have."""

    def show(value: float, _: int) -> str:
        return words.number(value + 0.0, 0 if value == round(value) else _decimals(value))

    axis.set_major_locator(MaxNLocator(steps, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(show))


def _decimals(value: float) -> int:
    return len(f"{value:.6g}".partition(".")[2])


def finish(
    figure: Figure, name: str, words: Words, alt: Mapping[Lang, str], caption: Mapping[Lang, str]
) -> Picture:
    """Turn a drawing into its files."""
    vector, raster = BytesIO(), BytesIO()
    about = {"Date": None, "Creator": None, "Title": alt[words.lang]}
    with matplotlib.rc_context({"svg.hashsalt": name}):  # ids of two figures on one page must differ
        figure.savefig(vector, format="svg", metadata=about)
    light = {"compress_level": 3}  # half the time of the usual 6, for a tenth more bytes
    figure.savefig(raster, format="png", dpi=DOTS, metadata={"Software": None}, pil_kwargs=light)
    svg = _shorter(vector.getvalue().decode("utf-8"))
    return Picture(
        name=name,
        alt=alt,
        caption=caption,
        page=_page(svg, name, words, float(figure.get_size_inches()[0])),
        svg=svg,
        png=raster.getvalue(),
    )


def _shorter(svg: str) -> str:
    """Leave out what nobody needs: ids of groups, and decimals beyond a hundredth of a point."""
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    svg = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", svg)
    # Only within tags: "100.000" in a Spanish text is a hundred thousand.
    svg = re.sub(r"<[^>]+>", lambda tag: re.sub(r"(?<=\.\d\d)\d+", "", tag[0]), svg)
    svg = re.sub(r"\n\s*", "\n", svg).replace("\nL ", " ")
    return svg.replace(f"'{_FONT}'", f"'{_FONT}', system-ui, sans-serif")


def _page(svg: str, name: str, words: Words, width: float) -> str:
    """Cut the element out of its file, let it grow with the page, and say every text in both languages."""
    # Letters may be a fifth larger on a screen than on paper, and no more.
    look = f'class="drawing" style="max-width: {1.2 * width:.1f}in"'
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<title>.*?</title>", "", body, flags=re.S)
    head = f'<svg {look} role="img" aria-labelledby="{name}-alt"'
    body = re.sub(r'<svg([^>]*?) width="[^"]*" height="[^"]*"', lambda match: head + match[1], body, count=1)
    body = body.replace(f"'{_FONT}', ", "")
    return re.sub(r"(<text\b[^>]*>)([^<]*)(</text>)", lambda match: _both(match, words), body).strip()


def _both(match: re.Match[str], words: Words) -> str:
    texts = words.pairs.get(unescape(match[2]), {})
    if len(set(texts.values())) < 2:
        return match[0]
    spans = (f'<tspan lang="{lang}">{escape(texts[lang], quote=False)}</tspan>' for lang in LANGUAGES)
    return match[1] + "".join(spans) + match[3]
