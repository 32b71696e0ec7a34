"""The report, first as a file, then in a browser without a network."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import geo
from geo.outputs.report import pdf
from geo.outputs.report.listings import ranking
from geo.outputs.report.reportpage import write_report
from geo.outputs.report.sections import SECTIONS
from geo.register.communes import commune_register
from geo.text.labels import LANGUAGES
from geo.text.overview import overview
from tests.outputs.browsing import CHROMIUM, opened, running_browser
from tests.outputs.foreign import foreign_result

HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def listed(study: geo.Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a list of highest rates."""
    return write_report(study, tmp_path_factory.mktemp("listed") / "report.html", lang="es")


@pytest.fixture(scope="module")
def whole(full: geo.Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on complete counts."""
    return write_report(full, tmp_path_factory.mktemp("whole") / "report.html", lang="en")


class Page(HTMLParser):
    """What a reader of the source finds: elements, attributes, texts by language."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.source = file.read_text("utf-8")
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all_of(self, name: str) -> list[str]:
        """Values of one attribute."""
        return [attributes[name] or "" for _, attributes in self.elements if name in attributes]


@pytest.fixture(scope="module", params=["listed", "whole"])
def page(request: pytest.FixtureRequest) -> Page:
    return Page(request.getfixturevalue(request.param))


# ---- The file ----------------------------------------------------------------------------------------------


def test_nothing_in_the_file_points_outside_it(page: Page) -> None:
    wanted = ("src", "srcset", "href", "xlink:href", "data", "poster", "action")
    assert [v for name in wanted for v in page.all_of(name) if not v.startswith(("#", "data:"))] == []
    assert re.findall(r"url\((?!#|data:)", page.source) == []
    assert not re.search(r"@import|\bfetch\(|XMLHttpRequest|\bimport\(", page.source)
    assert any(policy.startswith("default-src 'none';") for policy in page.all_of("content"))


def test_what_is_named_is_there_once(page: Page) -> None:
    ids = page.all_of("id")
    assert len(ids) == len(set(ids))
    assert set(" ".join(page.all_of("aria-labelledby")).split()) <= set(ids)
    assert {href[1:] for href in page.all_of("href") if href.startswith("#")} - {""} <= set(ids)


def test_headings_come_in_order_and_tables_name_their_columns_and_rows(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert max(np.diff(levels)) <= 1
    tags = [tag for tag, _ in page.elements]
    heads = [attributes.get("scope") for tag, attributes in page.elements if tag == "th"]
    assert set(heads) == {"col", "row"}
    assert tags.count("caption") + tags.count("details") == tags.count("table")


def test_every_text_stands_in_both_languages(page: Page) -> None:
    spoken = page.all_of("lang")[1:]
    assert spoken.count("es") == spoken.count("en") > 200
    assert not re.search(r">[^<]*[{}]", page.source.split("</style>")[1].split("<script>")[0])


def test_every_section_answers_or_says_why_not(listed: Path, whole: Path) -> None:
    for file, lacking in ((listed, set()), (whole, {"unknown", "plan", "association", "recidivism"})):
        found = re.findall(r'<section id="(\w+)"', file.read_text("utf-8"))
        assert found == [name for name in SECTIONS if name not in lacking]
    source = listed.read_text("utf-8")
    for absent in ("funnel", "moran", "lorenz"):
        part = source.split(f'<section id="{absent}"')[1].split("</section>")[0]
        assert "<svg" not in part
        assert "80 %" in part


def test_a_first_reader_learns_what_from_where_how_sure_and_what_for(listed: Path) -> None:
    source = listed.read_text("utf-8")
    part = source.split('<section id="reading"')[1].split("</section>")[0]
    assert re.findall(r'<h3><span lang="es">([^<]+)', part) == [
        *("¿Qué es esto?", "¿De dónde viene?", "¿Qué tan seguro es?", "¿Qué se puede hacer con esto?")
    ]
    assert "serving a sentence" in part
    assert "the 2016 study" in part
    assert "33 of 346 communes" in part
    assert "support that meets them" in part


def test_findings_come_first_and_methods_name_every_parameter(page: Page, study: geo.Result) -> None:
    order = re.findall(r'<section id="(\w+)"', page.source)
    assert order[0] == "findings"
    methods = page.source.split('<section id="methods"')[1].split("</section>")[0]
    used = [name for name, value in study.parameters.items() if value not in (None, "")]
    assert methods.count('<th scope="row">') >= len(used)
    for said in ("Garwood 1936", "Benjamini", "99,999", "Cliff"):
        assert said in methods
    for cited in re.findall(r"\((\w+) (?:and \w+ )?(\d{4})\)", methods):
        assert re.search(rf"{cited[0]}.*\({cited[1]}\)", page.source.split('<section id="references"')[1])


def test_limits_say_who_is_not_counted(listed: Path, whole: Path) -> None:
    def limits(file: Path) -> str:
        return file.read_text("utf-8").split('<section id="limits"')[1].split("</section>")[0]

    for said in (
        *("open system", "conditional release", "before trial", "no address", "prison", "age", "ecological"),
        *("sistema abierto", "libertad condicional", "prisión preventiva", "estandarizar"),
    ):
        assert said in limits(listed), said
    assert "known to the police" in limits(whole)
    assert "sentence" not in limits(whole)


def test_the_table_holds_the_numbers_of_the_result(study: geo.Result, listed: Path) -> None:
    table = ranking(study)
    assert table is not None
    assert len(table.rows) == 35
    names = [row[1] for row in table.rows]
    assert names[:5] == ["Valparaíso", "Iquique", "Alto Hospicio", "Arica", "Cartagena"]
    first = dict(zip([c["en"] for c in table.columns], table.rows[0], strict=True))
    assert first["Population"] == {"es": "295.731", "en": "295,731"}
    assert first["Rate per 100,000"] == {"es": "202,5", "en": "202.5"}
    assert first["95 % interval"] == {"es": "186,7 a 219,4", "en": "186.7 to 219.4"}
    arica = dict(zip([c["en"] for c in table.columns], table.rows[3], strict=True))
    assert arica["Releases"] == {"es": "392 a 394", "en": "392 to 394"}
    assert arica["Rate per 100,000"]["en"] == "164 (as printed)"  # type: ignore[index]
    assert arica["Support, web"] == "–"


def test_a_long_table_shows_its_beginning_and_opens(whole: Path) -> None:
    part = whole.read_text("utf-8").split('<section id="ranking"')[1].split("</section>")[0]
    first, rest = part.split("<details>")
    assert (first.count("<tr>"), rest.count("<tr>")) == (41, 307)
    assert "306" in rest


def test_rows_left_out_are_listed_and_rows_of_other_years_only_counted(whole: Path, tmp_path: Path) -> None:
    assert 'id="apart-table"' not in whole.read_text("utf-8")
    assert "other year: 346" in whole.read_text("utf-8")
    table = tmp_path / "t.csv"
    table.write_text("Comuna;Egresos 2016\nArica;12\nQuilota;7\nTotal;19\n", encoding="utf-8")
    result = geo.run(table, boundaries="schematic", permutations=99)
    source = write_report(result, tmp_path / "r.html").read_text("utf-8")
    part = source.split('id="apart-table"')[1].split("</table>")[0]
    assert "Quilota" in part
    assert "Quillota" in part


def test_hostile_names_are_text(tmp_path: Path) -> None:
    result = foreign_result(tmp_path, names=[HOSTILE, "{{ 7 * 7 }}", '" onload="x'])
    result = replace(result, title=dict.fromkeys(LANGUAGES, f'{HOSTILE} & "so"'))
    source = write_report(result, tmp_path / "r.html").read_text("utf-8")
    assert HOSTILE not in source
    assert "{{ 7 * 7 }}" in source
    assert source.count("<script>") == source.count("</script>") == 1
    assert "&lt;/script&gt;&lt;img src=x" in source


def test_the_same_result_gives_the_same_bytes(study: geo.Result, listed: Path, tmp_path: Path) -> None:
    again = write_report(study, tmp_path / "again.html", lang="es")
    assert again.read_bytes() == listed.read_bytes()


def test_an_existing_report_and_another_language_are_refused(study: geo.Result, tmp_path: Path) -> None:
    with pytest.raises(geo.OutputError, match="es or en"):
        write_report(study, tmp_path / "r.html", lang="fr")
    (tmp_path / "r.html").write_text("mine", encoding="utf-8")
    with pytest.raises(geo.OutputError, match="overwrite"):
        write_report(study, tmp_path / "r.html", pictures=[])
    assert (tmp_path / "r.html").read_text("utf-8") == "mine"


# ---- Sentences ---------------------------------------------------------------------------------------------


def said(result: geo.Result) -> str:
    return " ".join(overview(result, "en"))


def test_a_list_is_said_to_be_one(study: geo.Result) -> None:
    text = said(study)
    assert "exact rate of 33 of 346 communes" in text
    assert "if the list is complete" in text
    assert "Valparaíso (202.5), Iquique (182.8), Alto Hospicio (177.3)" in text
    assert "between 29 % and 90 %" in text
    assert "counted in" not in text
    assert "2 of 32 by their website; 6 of 32" in text
    # 4,833 people of table 1 by what table 2 says of their 32 municipalities.
    assert "there is support, 7 (1,150)" in text
    assert "none, as answered, 19 (2,953); no answer, 5 (477)." in text


def test_complete_counts_are_summed_up(full: geo.Result) -> None:
    text = said(full)
    assert "561,811 DMCS police cases were counted in 346 communes" in text
    assert "50 % of the DMCS police cases are in 46 communes, where 33 % of people live" in text
    assert "programme" not in text
    assert "complete" not in text


def commune_table(folder: Path, rows: str) -> Path:
    table = folder / "t.csv"
    table.write_text(f"Comuna;Egresos 2016\n{rows}", encoding="utf-8")
    return table


def test_one_commune_is_not_spoken_of_as_many(tmp_path: Path) -> None:
    result = geo.run(commune_table(tmp_path, "Arica;12\n"), boundaries="schematic", permutations=99)
    text = said(result)
    assert "too little to speak of all" in text
    assert "The only rate known exactly is that of Arica" in text
    assert "fewer than 20 releases" in text
    assert "% of the releases" not in text
    assert "<svg" in write_report(result, tmp_path / "r.html").read_text("utf-8")


def test_where_nothing_is_known_nothing_is_claimed(tmp_path: Path) -> None:
    rows = "\n".join(f"{name};.." for name in commune_register()["commune"])
    result = geo.run(commune_table(tmp_path, rows), boundaries="schematic", permutations=99)
    assert overview(result, "en") == ["No exact count is known: there are no rates to show."]
    source = write_report(result, tmp_path / "r.html").read_text("utf-8")
    assert "There are no rates to order." in source
    assert "There are no rates to draw." in source


def test_counts_without_populations_give_no_rate(tmp_path: Path) -> None:
    result = foreign_result(tmp_path, n=4, population=[None, None, None, 0])
    assert said(result) == "No rate could be computed: populations are missing."


@pytest.mark.parametrize(("region", "bounded", "n"), [("12", 11, 11), ("15", 3, 4)])
def test_a_region_without_a_listed_commune_claims_no_highest(region: str, bounded: int, n: int) -> None:
    result = geo.run("chile-2016", region=region, boundaries="schematic", permutations=99)
    assert f"No exact count is known: of {bounded} of {n} communes" in said(result)
    assert "highest" not in said(result)


@pytest.mark.parametrize("count", [0, 7])
def test_equal_rates_have_no_highest_and_no_half(tmp_path: Path, count: int) -> None:
    result = foreign_result(tmp_path, releases=[count] * 16)
    text = said(result)
    assert "All rates known exactly are equal" in text
    assert "highest" not in text
    assert "where" not in text
    source = write_report(result, tmp_path / "r.html").read_text("utf-8")
    assert "all rates are equal: there is nothing to compare with" in source
    assert ("Nothing was counted" in source) == (count == 0)


def test_a_tie_names_all_of_the_tied_or_none(tmp_path: Path) -> None:
    some = foreign_result(tmp_path / "a", releases=[9, 9, 9, 9, *[1] * 12])
    assert said(some).count("(90.0)") == 4
    many = foreign_result(tmp_path / "b", releases=[*[9] * 8, *[1] * 8])
    assert "highest" not in said(many)


def test_a_share_that_rounds_to_nothing_is_not_said_to_be_nothing(tmp_path: Path) -> None:
    counts = [1000, *[1] * 15]
    people = [400, *[100_000] * 15]
    text = said(foreign_result(tmp_path, releases=counts, population=people))
    assert "in one area alone, where 0.0 % of people live" in text


def test_another_country_has_areas_and_no_communes(tmp_path: Path) -> None:
    result = foreign_result(tmp_path)
    source = write_report(result, tmp_path / "r.html").read_text("utf-8")
    words = re.sub(r"communes\.(csv|xlsx)", "", source.split("</style>")[1])
    assert not re.search(r"\bcommunes?\b|\bcomunas?\b", words)
    assert 'id="regions"' not in source


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_keeps_a_brace_or_a_missing_number(
    study: geo.Result, full: geo.Result, lang: Any
) -> None:
    for result in (study, full):
        assert not re.search(r"[{}]|\bnan\b|<NA>|None", " ".join(overview(result, lang)))


# ---- PDF -----------------------------------------------------------------------------------------------


def test_without_a_browser_there_is_no_pdf_and_the_command_says_so_once(
    study: geo.Result,
    listed: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    assert not pdf.print_page(listed, tmp_path / "report.pdf")
    monkeypatch.setattr("geo.job.run", lambda *_, **__: study)
    from geo.cli import main

    assert main(["run", "--pdf", "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "PDF" in line]
    assert len(lines) == 1
    assert lines[0].startswith("No PDF:")
    assert not list(tmp_path.rglob("*.pdf"))
    assert (
        json.loads(next((tmp_path / "out").glob("*manifest.json")).read_text("utf-8"))["pdf"]
        == "not_possible"
    )


def test_a_browser_that_fails_leaves_no_half_pdf(
    listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in ("false", "true"):
        monkeypatch.setattr(pdf, "find_browser", lambda command=command: shutil.which(command))
        assert not pdf.print_page(listed, tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []


def test_how_a_browser_counted_the_elements_of_a_page_is_not_in_the_pdf() -> None:
    """Its counter runs on between two elements when the machine is busy."""
    tree = (
        b"/ID (node%08d)>> <</ID (node%08d)>> /Headers [(node%08d)] /Limits [(node%08d) (node%08d)] 12 0 obj"
    )
    for numbers in ((615, 613, 615, 613, 620), (616, 613, 616, 613, 99_999_999)):
        assert pdf._repeatable(tree % numbers) == tree % (2, 1, 2, 1, 3)


@pytest.mark.browser
def test_the_pdf_is_a4_in_the_language_asked_for_and_the_same_each_time(
    listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1480000000")
    if not CHROMIUM.exists():
        pytest.skip(f"needs {CHROMIUM}")
    one, two = tmp_path / "one.pdf", tmp_path / "two.pdf"
    assert pdf.print_page(listed, one, "en")
    content = one.read_bytes()
    assert re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", content)[0] in (
        (b"594", b"841"),
        (b"595", b"842"),
    )
    assert 8 <= len(re.findall(rb"/Type\s*/Page\b", content)) <= 20
    assert b"/Lang (en" in content
    assert b"D:20161124150640" in content
    assert pdf.print_page(listed, two, "en")
    assert two.read_bytes() == content


# ---- The browser -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with running_browser() as running:
        yield running


def visible(page: Any, selector: str) -> list[str]:
    """Texts of what is shown."""
    return [text for text in page.locator(selector).all_inner_texts() if text.strip()]


def shown_in_figure(page: Any) -> list[str]:
    """Texts of the figure of intervals that are shown."""
    texts: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('#figure-intervals tspan')]"
        ".filter(t => getComputedStyle(t).display !== 'none').map(t => t.textContent)"
    )
    return texts


@pytest.mark.browser
def test_the_language_changes_without_a_reload_also_within_figures(browser: Any, listed: Path) -> None:
    with opened(browser, listed, locale="en-US") as page:
        assert page.title() == "Regreso desde prisión por comuna, Chile 2016"
        assert "Lo que se encontró" in visible(page, "h2")
        assert "Tasa por 100.000 habitantes" in shown_in_figure(page)
        page.click("[data-lang=en]")
        assert page.title() == "Return from prison by commune, Chile 2016"
        assert page.get_attribute("html", "lang") == "en"
        assert "What was found" in visible(page, "h2")
        assert "295,731" in page.inner_text("#ranking-table")
        assert "295.731" not in page.inner_text("main")
        assert "Rate per 100,000 inhabitants" in shown_in_figure(page)
        assert "Tasa por 100.000 habitantes" not in shown_in_figure(page)
        assert [page.get_attribute(f"[data-lang={lang}]", "aria-pressed") for lang in LANGUAGES] == [
            *("false", "true")
        ]


@pytest.mark.browser
def test_it_starts_in_the_language_of_its_address_or_of_the_reader(
    browser: Any, listed: Path, study: geo.Result, tmp_path: Path
) -> None:
    with opened(browser, listed, place="#en") as page:
        assert page.get_attribute("html", "lang") == "en"
    following = write_report(study, tmp_path / "r.html", lang="en", follow_browser=True, pictures=[])
    for locale, lang in (("es-CL", "es"), ("de-DE", "en")):
        with opened(browser, following, locale=locale) as page:
            assert page.get_attribute("html", "lang") == lang


@pytest.mark.browser
def test_without_scripts_it_is_read_in_one_language(browser: Any, listed: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(listed.as_uri())
    assert "Lo que se encontró" in page.inner_text("main")
    assert "What was found" not in page.inner_text("main")
    assert page.is_hidden("#print")
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1366])
def test_no_width_makes_the_page_scroll_sideways(browser: Any, whole: Path, width: int) -> None:
    with opened(browser, whole, size=(width, 800)) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == width
        # Letters within figures stay large enough to be read.
        small = page.evaluate(
            "() => Math.min(...[...document.querySelectorAll('svg text')].map("
            "t => [t.getScreenCTM(), parseFloat(getComputedStyle(t).fontSize)]).map("
            "([matrix, size]) => size * Math.hypot(matrix.a, matrix.b)))"
        )
        assert small >= 8
        page.click("#ranking summary")
        assert page.locator("#ranking details tbody tr").last.is_visible()


@pytest.mark.browser
def test_print_shows_what_is_read_and_no_controls(browser: Any, whole: Path) -> None:
    with opened(browser, whole) as page:
        page.emulate_media(media="print")
        for selector in (".bar", "nav", "#ranking details"):
            assert page.is_hidden(selector), selector
        assert page.is_visible("#ranking .whole-table")
        assert page.locator("figure svg").count() == 6
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) <= 14


@pytest.mark.browser
def test_texts_have_the_contrast_of_level_aa_and_figures_a_name(browser: Any, whole: Path) -> None:
    with opened(browser, whole) as page:
        names = page.locator("figure svg").evaluate_all(
            "all => all.map(svg => document.getElementById(svg.getAttribute('aria-labelledby')).innerText)"
        )
        assert all(len(name) > 40 for name in names)
        from tests.symbology.color_vision import contrast

        for selector in ("body", ".subtitle", "figcaption", "caption", "a", "summary"):
            color = page.locator(selector).first.evaluate("e => getComputedStyle(e).color")
            red, green, blue = (int(part) for part in re.findall(r"\d+", color)[:3])
            assert contrast(f"#{red:02x}{green:02x}{blue:02x}", "#ffffff") >= 4.5, selector


@pytest.mark.browser
def test_the_keyboard_reaches_the_content_and_every_table(browser: Any, whole: Path) -> None:
    with opened(browser, whole) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#findings"
        assert page.locator(".scroll:not([tabindex='0'])").count() == 0
