"""A folium map that lives in one file: Leaflet inside, no request to a network, the same bytes each time."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from importlib.metadata import files
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement
from jinja2 import Template

from geo.assets import asset_text
from geo.outputs.web.scripts import page_script
from geo.text.labels import LANGUAGES, text

_DISTRIBUTION = "XStatic-Leaflet"
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:{images}; "
    "base-uri 'none'; form-action 'none'"
)


class OfflineMap(folium.Map):
    """A `folium.Map` that needs no network.

    The page is ``maps/map.html``, the behaviour ``maps/page`` (see `geo.outputs.web.scripts`), the look
    ``maps/map.css``. Other folium layers can be added to it as to any folium map.

    Parameters
    ----------
    data : dict
        What the page shows (see `geo.outputs.web.mappage`); stored as JSON that cannot leave its element.
    title : str
        Title of the document.
    lang : str
        Language the document starts in.
    images : str
        Where images may be loaded from besides the file, as a content security policy names it.

    Examples
    --------
    >>> page = OfflineMap({}, title="A < B", lang="en").render_page()
    >>> page.splitlines()[1], "<title>A &lt; B</title>" in page
    ('<html lang="en">', True)
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  # declared so by folium
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template(
        "{% macro header(this, kwargs) %}<style>{{ this.leaflet_css }}</style>\n"
        "<script>{{ this.leaflet_js }}</script>\n{% endmacro %}"
        "{% macro html(this, kwargs) %}{% endmacro %}"
        "{% macro script(this, kwargs) %}{{ this.behaviour }}\n"
        "var {{ this.get_name() }} = retornoMap('map');\n{% endmacro %}"
    )

    # Not folium.Map's own: in older versions it adds links and styles to the page.
    render = MacroElement.render

    def __init__(self, data: dict[str, Any], *, title: str, lang: str, images: str = "") -> None:
        super().__init__(tiles=None)
        self.leaflet_js, self.leaflet_css = leaflet_source()
        self.behaviour = page_script()
        figure = _Page(title=title, lang=lang, data=embed_json(data), images=images)
        self.add_to(figure)

    def render_page(self) -> str:
        """Render the whole document, with stable names in place of folium's random ones."""
        figure = self.get_root()
        for number, element in enumerate(_walk(figure)):
            element._id = f"{number:04d}"
        return str(figure.render())


class _Page(Figure):
    """The document around the map, from ``maps/map.html``."""

    def __init__(self, *, title: str, lang: str, data: str, images: str) -> None:
        super().__init__(title=title)
        self._template = Template(asset_text("maps", "map.html"))
        self.lang, self.data, self.style = lang, data, asset_text("maps", "map.css")
        self.policy = _POLICY.format(images=f" {images}" if images else "")
        self.noscript = {code: text("map.page.noscript", code) for code in LANGUAGES}


def embed_json(data: object) -> str:
    """Write JSON that can stand inside a ``<script>`` element, whatever its strings hold.

    Examples
    --------
    >>> embed_json({"name": "</script>\\u2028"})
    '{"name":"\\\\u003c/script\\\\u003e\\\\u2028"}'
    """
    written = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for sign in "<>&":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return written


@cache
def leaflet_source() -> tuple[str, str]:
    """Read Leaflet's script and style from the installed distribution, images put into the style.

    Returns
    -------
    tuple of str
        JavaScript and CSS, free of references to other files.

    Raises
    ------
    FileNotFoundError
        If the installation is damaged: the distribution is a dependency of this package.

    Examples
    --------
    >>> script, style = leaflet_source()
    >>> "Leaflet 1.9.3" in script, "url(images" in style
    (True, False)
    """

    def image(match: re.Match[str]) -> str:
        encoded = base64.b64encode(_leaflet_file(match[1])).decode("ascii")
        return f"url(data:image/png;base64,{encoded})"

    script = _leaflet_file("leaflet.js").decode("utf-8")
    style = _leaflet_file("leaflet.css").decode("utf-8")
    script = re.sub(r"//# sourceMappingURL=\S+\s*", "", script)  # developer tools would ask for it
    return script, re.sub(r"url\((images/[^)]+)\)", image, style)


def _leaflet_file(name: str) -> bytes:
    for entry in files(_DISTRIBUTION) or []:
        if str(entry).replace("\\", "/").endswith(f"/leaflet/data/{name}"):
            return entry.read_binary()
    raise FileNotFoundError(f"{_DISTRIBUTION} lacks {name}: reinstall retorno")


def _walk(element: Element) -> list[Element]:
    """List an element and all below it in the order they were added."""
    roots = [getattr(element, name) for name in ("header", "html", "script") if hasattr(element, name)]
    below = [e for e in [*roots, *element._children.values()] if isinstance(e, Element)]
    return [element, *(descendant for child in below for descendant in _walk(child))]
