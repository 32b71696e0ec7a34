"""What many tests need: reference data beside the project, and the shipped map."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from libpysal.graph import Graph

import geo
import geo.study.opencounts
import geo.study.pipeline
from geo.register.communes import commune_register
from geo.register.pairs import official_pairs
from geo.register.populations import population_series
from geo.stats.weights.links import graph_from_pairs
from tests.outputs.foreign import foreign_result
from tests.properties import TIMES

Shared = Callable[[str, Callable[[Path], Any]], Any]
ROOT = Path(__file__).parents[1]
REFERENCE = ROOT.parent / "shared" / "reference"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the tests that are too long for every change."""
    parser.addoption("--night", action="store_true", help="run the tests marked as night's too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests of the night to the night."""
    if config.getoption("--night"):
        return
    tonight = [item for item in items if item.get_closest_marker("night")]
    config.hook.pytest_deselected(items=tonight)
    items[:] = [item for item in items if item not in tonight]


@pytest.fixture(scope="session", autouse=True)
def _no_network_and_no_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep every test from downloading, and from what the person running it has in the cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETORNO_OFFLINE", "1")
        patch.setenv("RETORNO_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_completed_tables() -> Iterator[None]:
    """Complete no table where a run would do it 200 times: most tests are about something else.

    A test that is about it names a number of its own, which stands.
    """
    usual = geo.study.opencounts.unknown

    def none(*given: Any, imputations: int, **options: Any) -> Any:
        asked = 0 if imputations == geo.Options.imputations else imputations
        return usual(*given, imputations=asked, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geo.study.pipeline, "unknown", none)
        yield


def pytest_report_header() -> str:
    """Name the libraries whose versions change numbers or bytes, and how property tests draw."""
    return (
        f"numpy {np.__version__}, pandas {pd.__version__}, geopandas {gpd.__version__}, "
        f"GDAL {pyogrio.__gdal_version_string__}, GEOS {shapely.geos_version_string}; property tests: "
        + ("the same examples every time" if TIMES == 1 else f"{TIMES} times as many examples, drawn anew")
    )


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of real boundaries and tables that are not part of the project."""
    if not REFERENCE.is_dir():
        pytest.skip("needs the reference data, expected in ../shared/reference beside the project")
    return REFERENCE


@pytest.fixture(scope="session")
def communes() -> pd.Index:
    """Codes of all 346 communes."""
    return commune_register().index


@pytest.fixture(scope="session")
def graph(communes: pd.Index) -> Graph:
    """The official contiguity."""
    return graph_from_pairs(official_pairs(), communes)


@pytest.fixture(scope="session")
def dmcs(communes: pd.Index) -> pd.DataFrame:
    """Police cases of 2016 and the population of the study, for all communes."""
    table = pd.read_csv(ROOT / "data" / "dmcs.csv", dtype={"cut": str})
    cases = table[table["year"] == 2016].set_index("cut")["cases"].reindex(communes)
    return pd.DataFrame({"cases": cases, "population": population_series("ine2002", 2016)})


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """Make something once for all processes of one run of the tests: the first makes it, the others wait."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def get(name: str, make: Callable[[Path], Any]) -> Any:
        made, making = folder / f"{name}.pickle", folder / f"{name}.making"
        patience = time.monotonic() + 300
        while not made.exists():
            if time.monotonic() > patience:
                pytest.fail(f"{making} has been there for five minutes: who was to make {name} has gone")
            try:
                making.mkdir()
            except FileExistsError:
                time.sleep(0.05)
                continue
            try:
                if not made.exists():
                    draft = making / "draft"
                    draft.write_bytes(pickle.dumps(make(folder)))
                    draft.replace(made)
            finally:
                shutil.rmtree(making)
        return pickle.loads(made.read_bytes())

    return get


@pytest.fixture(scope="session")
def study(shared: Shared) -> geo.Result:
    """The shipped study on the schematic layer."""
    return shared("study", lambda _: geo.run("chile-2016", boundaries="schematic", imputations=201))


@pytest.fixture(scope="session")
def full(shared: Shared) -> geo.Result:
    """The shipped example with complete counts."""
    return shared("full", lambda _: geo.run("dmcs-2016", boundaries="schematic"))


@pytest.fixture(scope="session")
def official(shared: Shared, reference: Path) -> geo.Result:
    """The shipped study on official polygons, tested with few permutations."""
    layer = reference / "boundaries" / "communes_ine2016_15regions.gpkg"
    return shared("official", lambda _: geo.run("chile-2016", boundaries=layer, permutations=99))


@pytest.fixture(scope="session")
def few(shared: Shared) -> geo.Result:
    """Sixteen areas of another country: for tests of how a result is written, whatever it is."""
    return shared("few", lambda folder: foreign_result(folder / "few"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Give a disk of so many kilobytes."""
    mounted = []

    def mount(kilobytes: int) -> Path:
        disk = tmp_path / f"disk-{len(mounted)}"
        disk.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(disk)]
        if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
            pytest.skip("needs a small disk, which only root may mount")
        mounted.append(disk)
        return disk

    yield mount
    for disk in mounted:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no figures: for tests of files and folders, whatever stands in them."""
    monkeypatch.setattr("geo.outputs.writing.draw_figures", lambda result, lang: [])


@pytest.fixture(scope="session")
def written(study: geo.Result, shared: Shared) -> Callable[[str], dict[str, Path]]:
    """Give the files of the shipped study in a language, written once and only read."""
    return lambda lang: shared(
        f"files-{lang}", lambda folder: study.write(folder / f"files-{lang}", lang=lang)
    )
