"""The report: one HTML file with the findings in plain words, figures, tables, methods and limits.

It holds every text in Spanish and English and works without a network, without scripts and in print.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from geo.assets import asset_text
from geo.errors import OutputError
from geo.outputs.drafts import written_whole
from geo.outputs.report.drawing import Picture
from geo.outputs.report.sections import sections
from geo.outputs.report.tablecells import Listing
from geo.text.labels import LANGUAGES, Lang, text
from geo.text.numerals import number
from geo.text.phrases import Texts, both, phrase

if TYPE_CHECKING:
    from geo.model.result import StudyResult

_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


def write_report(
    result: StudyResult,
    path: str | PathLike[str],
    *,
    lang: str = "en",
    follow_browser: bool = False,
    pictures: Sequence[Picture] | None = None,
    overwrite: bool = False,
) -> Path:
    """Write one HTML file that tells a result to its readers.

    Parameters
    ----------
    result : StudyResult
        What :func:`geo.run` gives back.
    path : path-like
        The file to write.
    lang : str
        Language the page starts in, ``es`` or ``en``; it holds both, and starts in the one that its address
        ends in (``report.html#es``).
    follow_browser : bool
        Whether it starts in the language of the reader's browser where that is one of the two.
    pictures : sequence of Picture, optional
        Figures that were drawn already, from :func:`geo.outputs.report.figures.draw_figures`; by default they
        are drawn.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OutputError
        If the file exists and `overwrite` is False, or the language is another.

    Examples
    --------
    >>> import geo, tempfile
    >>> result = geo.run("chile-2016", boundaries="schematic", region="Arica", permutations=99)
    >>> page = write_report(result, Path(tempfile.mkdtemp()) / "report.html", lang="es")
    >>> '<html lang="es">' in page.read_text(encoding="utf-8")
    True
    """
    chosen = next((known for known in LANGUAGES if known == lang), None)
    if chosen is None:
        raise OutputError("a report starts in es or en", repr(lang), "name one of the two")
    if pictures is None:
        from geo.outputs.report.figures import draw_figures

        pictures = draw_figures(result, chosen)
    page = render_report(result, pictures, chosen, follow_browser=follow_browser)
    with written_whole(path, overwrite=overwrite) as draft:
        draft.write_text(page, encoding="utf-8", newline="\n")
    return Path(path)


def render_report(
    result: StudyResult, pictures: Sequence[Picture], lang: Lang, *, follow_browser: bool = False
) -> str:
    """Fill in the template ``maps/report.html``."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    years = sorted(result.areas["year"].dropna().unique())
    year = " · ".join(str(one) for one in years)
    subtitle = both(lambda code: phrase(result, "report.page.subtitle", code, year=year).removeprefix(". "))
    return environment.from_string(asset_text("maps", "report.html")).render(
        lang=lang,
        follow_browser=follow_browser,
        policy=_POLICY,
        style=asset_text("maps", "report.css"),
        title=result.title,
        subtitle=subtitle,
        schematic=result.schematic,
        sections=sections(result, {picture.name: picture for picture in pictures}),
        version=version("retorno"),
        texts=lambda key, **fill: both(lambda code: phrase(result, key, code, **fill)),
        more=_more,
    )


def _more(listing: Listing) -> Texts:
    return both(lambda lang: text("report.page.more_rows", lang, n=number(len(listing.more_rows), lang)))
