"""The scripts of the web map's page, joined to the one that stands in the file.

On disk each is a module with imports and exports, so that it can be linted, type-checked and tested by itself
(CONTRIBUTING.md says how). In the page they cannot be: browsers load no module from a file that is opened by
double click. What a module says about others is therefore left out here. That is safe as long as each stands
after those it imports from and no two have a name in common; ``tests/outputs/test_scripts.py`` holds both.
"""

from __future__ import annotations

import re

from geo.assets import asset_text

FOLDER = "page"
"""In ``maps/``; holds nothing but the modules."""

SCRIPTS = (
    "dom.js",
    "numbers.js",
    "names.js",
    "geometry.js",
    "areas.js",
    "words.js",
    "look.js",
    "drawing.js",
    "strips.js",
    "insets.js",
    "overview.js",
    "legend.js",
    "support.js",
    "facts.js",
    "card.js",
    "search.js",
    "places.js",
    "order.js",
    "table.js",
    "tip.js",
    "print.js",
    "language.js",
    "stage.js",
    "main.js",
)
"""Modules, each after those that it imports from."""

ENTRY = "retornoMap"
"""What the last module exports, and the one name that the page sees of them all."""

_IMPORT = re.compile(r'import \{ [$\w]+(?:, [$\w]+)* \} from "\./[a-z]+\.js";')
_EXPORT = re.compile(r"export (?=(?:class|const|function) [$\w]+)")
_OTHER = re.compile(r"\s*(?:import|export)\b|.*\bimport\s*[(.]|.*\\$")
_COMMENT = re.compile(r"^ *(?://[^\n]*|/\*(?:(?!\*/).)*\*/)\n", re.DOTALL | re.MULTILINE)


def script_text(name: str) -> str:
    """Read a module as it stands on disk.

    Examples
    --------
    >>> "export" in script_text("numbers.js")
    True
    """
    return asset_text("maps", f"{FOLDER}/{name}")


def page_script() -> str:
    """Join all modules to one classic script.

    They keep what they have as modules: strict rules, and names of their own. Other layers of folium stand in
    the same element and have neither.

    Examples
    --------
    >>> page_script().splitlines()[0], page_script().splitlines()[-1]
    ('var retornoMap = (() => {', '})();')
    """
    modules = "\n".join(classic(script_text(name), name) for name in SCRIPTS)
    return f'var {ENTRY} = (() => {{\n"use strict";\n{modules}\nreturn {ENTRY};\n}})();'


def classic(source: str, name: str) -> str:
    r"""Leave out of a module its imports, the word ``export``, and comments that have lines to themselves.

    The rule knows no more of the language than the modules use: an import is one line, what is exported is
    declared there and then, and no text in quotes is longer than a line. Comments are for who reads the
    modules; with the types that they give for tools they are longer than the code.

    Parameters
    ----------
    source : str
        The module.
    name : str
        Its name, for the message.

    Returns
    -------
    str
        A classic script.

    Raises
    ------
    ValueError
        If a line imports or exports in any other way, or a text in quotes goes on in the next.

    Examples
    --------
    >>> classic('import { b } from "./b.js";\n/** Twice. */\nexport const a = () => 2 * b;\n', "a.js")
    'const a = () => 2 * b;\n'
    >>> classic("export default 1;", "a.js")
    Traceback (most recent call last):
        ...
    ValueError: a.js: cannot be part of one script: export default 1;
    """
    kept = []
    for line in _COMMENT.sub("", source).splitlines(keepends=True):
        if _IMPORT.fullmatch(line.rstrip("\n")):
            continue
        kept.append(_EXPORT.sub("", line) if _EXPORT.match(line) else line)
        if _OTHER.match(kept[-1]) or line.count("`") % 2:
            raise ValueError(f"{name}: cannot be part of one script: {line.strip()}")
    return "".join(kept).lstrip("\n")
