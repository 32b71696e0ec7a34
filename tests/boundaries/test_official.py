"""Official layers got, kept and chosen, from a server on this computer with real and made layers."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

import geo
from geo.boundaries.cache import cache_folder, cached_layer
from geo.boundaries.catalogue import catalogue, find_source, listed_sources
from geo.boundaries.download import Limits
from geo.boundaries.layer import open_boundaries
from geo.boundaries.official import get_boundaries, preferred_boundaries
from geo.register.pairs import official_pairs
from geo.text.labels import Lang
from geo.text.layerlines import catalogue_lines, used_lines
from tests.boundaries import odd
from tests.boundaries.server import Server, serving

QUICK = Limits(answer=3.0, silence=1.0, total=20.0)
ENTRY = """
[{name}]
title = "Test layer"
url = "{url}"
format = "{format}"
crs = "EPSG:4326"
vintage = "2020"
licence = "free"
attribution = "Somebody"
default = true
{more}
"""
List = Callable[..., None]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RETORNO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("RETORNO_OFFLINE", raising=False)
    return tmp_path / "cache" / "boundaries"


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A zip as an office makes it: communes with a filler feature, and regions beside them."""
    folder = tmp_path_factory.mktemp("office")
    frame = odd.communes()[["cut", "comuna", "geometry"]].rename(columns={"cut": "cod_comuna"})
    frame.loc[len(frame)] = ["0", "Zona sin demarcar", odd.squares(1)[0]]
    frame.set_crs(4326, allow_override=True).to_crs(3857).to_file(folder / "comunas.shp")
    parts = {p.name: p for p in folder.glob("comunas.*")}
    return odd.pack(folder / "c.zip", parts | odd.shapefile(folder, "regiones")).read_bytes()


@pytest.fixture
def server(zipped: bytes) -> Iterator[Server]:
    with serving(zipped) as running:
        yield running


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> List:
    """Put one source of the tests' own into the catalogue."""

    def put(url: str, *, name: str = "bcn", format: str = "zip", **more: str) -> None:
        more = more or {"path": "comunas.shp", "code": "cod_comuna"}
        lines = "\n".join(f'{key} = "{value}"' for key, value in more.items())
        (tmp_path / "own.toml").write_text(ENTRY.format(name=name, url=url, format=format, more=lines))
        monkeypatch.setenv("RETORNO_CATALOGUE", str(tmp_path / "own.toml"))

    return put


def test_an_official_layer_is_got_once_and_found_again(
    server: Server, listed: List, cache: Path, zipped: bytes
) -> None:
    listed(server.url())
    first = get_boundaries("bcn", limits=QUICK)
    assert (first.why, first.source, first.missing) == ("downloaded", "bcn", ["12202"])
    assert sorted(p.name for p in cache.iterdir()) == ["bcn.gpkg", "bcn.json"]
    again = get_boundaries("BCN")
    assert server.asked == ["/good"]
    assert again.why == "cached"
    assert again.provenance == first.provenance
    for field in ("pairs", "contiguity", "neighbors_lost", "repaired", "id_field", "matched_by", "displaced"):
        assert getattr(again, field) == getattr(first, field)
    assert again.dropped.values.tolist() == [["0", "code not in the register", ""]]
    assert again.areas.geometry.dropna().geom_equals_exact(first.areas.geometry.dropna(), 0).all()
    assert first.provenance is not None
    assert first.provenance.sha256 == hashlib.sha256(zipped).hexdigest()
    assert first.provenance.bytes == len(zipped)


def test_source_licence_and_day_travel_inside_the_geopackage(
    server: Server, listed: List, cache: Path
) -> None:
    listed(server.url())
    found = get_boundaries("bcn", limits=QUICK)
    inside = pyogrio.read_info(cache / "bcn.gpkg")["layer_metadata"]
    assert inside["licence"] == "free"
    assert inside["attribution"] == "Somebody"
    assert found.provenance is not None
    assert inside["downloaded"] == found.provenance.downloaded


def test_the_real_layer_through_zip_and_server_keeps_the_official_contiguity(
    reference: Path, tmp_path: Path, listed: List
) -> None:
    frame = gpd.read_file(reference / "boundaries" / "communes_ine2016_15regions.gpkg")
    frame[["cut_2018", "geometry"]].to_file(tmp_path / "COMUNAS_v1.shp")
    inside = {f"COMUNAS/{p.name}": p for p in tmp_path.glob("COMUNAS_v1.*")}
    content = odd.pack(tmp_path / "dpa.zip", inside).read_bytes()
    with serving(content) as server:
        listed(server.url("without-length"), path="COMUNAS/COMUNAS_v1.shp", code="CUT_COM")  # renamed since
        found = get_boundaries("bcn", limits=QUICK)
    assert found.repaired == ["07202", "11202"]
    assert sorted(get_boundaries("bcn").pairs) == sorted(official_pairs())
    assert get_boundaries("bcn").repaired == ["07202", "11202"]


def test_a_layer_of_names_is_matched_by_them(tmp_path: Path, listed: List) -> None:
    frame = odd.communes()
    names = frame["comuna"].replace({"Pozo Almonte": "Tocopilla", "Aysén": "Puerto Nowhere"})
    path = tmp_path / "gb.geojson"
    frame[["geometry"]].assign(shapeName=names, shapeType="ADM3").to_file(path)
    with serving(path.read_bytes()) as server:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        listed(server.url(), format="geojson", name="own", sha256=sha256)
        found = get_boundaries("own", limits=QUICK)
    assert found.matched_by == "name"
    assert found.missing == ["01401", "11201", "12202"]
    assert found.dropped[["name", "reason"]].values.tolist() == [
        ["Tocopilla", "not where the commune of this name lies"],
        ["Puerto Nowhere", "no commune of this name"],
    ]


@pytest.mark.parametrize("path", ["cut", "missing", "page", "stall", "nothing"])
def test_a_failed_download_leaves_the_cache_as_it_was(
    path: str, server: Server, listed: List, cache: Path
) -> None:
    listed(server.url())
    get_boundaries("bcn", limits=QUICK)
    before = {p.name: p.read_bytes() for p in cache.iterdir()}
    listed(server.url(path))
    with pytest.raises(geo.BoundaryError):
        get_boundaries("bcn", again=True, limits=QUICK)
    assert {p.name: p.read_bytes() for p in cache.iterdir()} == before


def test_a_file_that_changed_since_the_first_download_is_told(
    server: Server, listed: List, cache: Path, zipped: bytes
) -> None:
    listed(server.url())
    get_boundaries("bcn", limits=QUICK)
    assert get_boundaries("bcn", again=True, limits=QUICK).why == "downloaded"
    server.handler.content = zipped + b"\0"
    with pytest.raises(
        geo.BoundaryError, match=r"the file is the one of .*to take the new one, remove .*json"
    ):
        get_boundaries("bcn", again=True, limits=QUICK)
    (cache / "bcn.json").unlink()
    assert get_boundaries("bcn", again=True, limits=QUICK).why == "downloaded"


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (
            odd.communes().iloc[:100],
            "an official layer has the communes of Chile; received bcn: 100 of 346; see {url}",
        ),
        (
            gpd.GeoDataFrame({"id": list("abc")}, geometry=odd.squares(), crs=4326),
            "a layer needs a field that identifies its areas; received bcn.geojson, fields: id; "
            "none holds codes or names of Chilean communes; name it with --id FIELD",
        ),
    ],
)
def test_another_layer_than_the_communes_is_not_kept(
    frame: gpd.GeoDataFrame, message: str, tmp_path: Path, listed: List, cache: Path
) -> None:
    frame.to_file(tmp_path / "x.geojson")
    with serving((tmp_path / "x.geojson").read_bytes()) as server:
        listed(server.url(), format="geojson", code="cut")
        with pytest.raises(geo.BoundaryError) as raised:
            get_boundaries("bcn", limits=QUICK)
        assert str(raised.value) == message.format(url=server.url())
    assert list(cache.iterdir()) == []


def test_a_hostile_archive_from_an_office_is_refused(tmp_path: Path, listed: List, cache: Path) -> None:
    with serving(odd.zip_leading_out(tmp_path).read_bytes()) as server:
        listed(server.url())
        with pytest.raises(geo.BoundaryError, match="an archive holds only paths inside it"):
            get_boundaries("bcn", limits=QUICK)
    assert list(cache.iterdir()) == []
    assert not list(tmp_path.parent.rglob("outside.shp"))


def test_an_unknown_source_is_told_the_known_ones() -> None:
    with pytest.raises(geo.BoundaryError) as raised:
        get_boundaries("bnc")
    assert str(raised.value) == (
        "a source is one of bcn, dpa, geoboundaries, hdx; received 'bnc'; did you mean bcn?"
    )


def test_a_cache_that_cannot_be_written_is_told(
    server: Server, listed: List, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("RETORNO_CACHE", str(tmp_path / "file"))
    listed(server.url())
    with pytest.raises(
        geo.BoundaryError, match=r"the cache can be written.*name another folder in RETORNO_CACHE"
    ):
        get_boundaries("bcn", limits=QUICK)


@pytest.mark.once
@pytest.mark.parametrize("kilobytes", [8, 64, 200])
def test_a_cache_on_a_full_disk_is_told(
    server: Server,
    listed: List,
    zipped: bytes,
    small_disk: Callable[[int], Path],
    monkeypatch: pytest.MonkeyPatch,
    kilobytes: int,
) -> None:
    """Full as the download comes, or as the layer made of it is written; never the server's fault."""
    disk = small_disk(kilobytes)
    monkeypatch.setenv("RETORNO_CACHE", str(disk))
    listed(server.url())
    with pytest.raises(geo.BoundaryError) as raised:
        get_boundaries("bcn", limits=QUICK)
    assert str(raised.value) == (
        f"the cache can be written; received {disk / 'boundaries'}: No space left on device; "
        "name another folder in RETORNO_CACHE"
    )
    assert list((disk / "boundaries").iterdir()) == []
    assert preferred_boundaries(attempt=True, limits=QUICK).failure == raised.value.received


def test_offline_means_no_download(server: Server, listed: List, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(server.url())
    monkeypatch.setenv("RETORNO_OFFLINE", "1")
    with pytest.raises(
        geo.BoundaryError, match="a download needs a network; received RETORNO_OFFLINE is set"
    ):
        get_boundaries("bcn", limits=QUICK)
    assert preferred_boundaries(attempt=True, limits=QUICK).why == "offline"
    assert server.asked == []


def test_a_run_prefers_the_cached_layer_then_a_download_then_the_drawing(
    server: Server, listed: List, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(server.url("missing"))
    assert preferred_boundaries().why == "not_tried"
    assert server.asked == []
    failed = preferred_boundaries(attempt=True, limits=QUICK)
    assert (failed.why, failed.schematic) == ("failed", True)
    assert failed.failure == f"{server.url('missing')}: 404 Not Found"
    listed(server.url())
    told: list[str] = []
    found = preferred_boundaries(attempt=True, tell=told.append, limits=QUICK)
    assert (found.why, found.schematic, told) == ("downloaded", False, ["bcn"])
    monkeypatch.setenv("RETORNO_OFFLINE", "1")
    kept = preferred_boundaries(attempt=True, limits=QUICK)
    assert (kept.why, kept.path) == ("cached", cache / "bcn.gpkg")
    assert server.asked == ["/missing", "/good"]


def test_a_damaged_cache_never_stops_a_run(server: Server, listed: List, cache: Path) -> None:
    listed(server.url())
    get_boundaries("bcn", limits=QUICK)
    (cache / "bcn.gpkg").write_bytes((cache / "bcn.gpkg").read_bytes()[:20_000])
    found = preferred_boundaries()
    assert (found.schematic, found.why) == (True, "failed")
    assert found.failure == "bcn.gpkg: a damaged database"
    assert preferred_boundaries(attempt=True, limits=QUICK).why == "downloaded"


def test_a_layer_changed_by_hand_passes_the_gate_again(server: Server, listed: List, cache: Path) -> None:
    listed(server.url())
    get_boundaries("bcn", limits=QUICK)
    frame = pyogrio.read_dataframe(cache / "bcn.gpkg")
    pyogrio.write_dataframe(frame.iloc[:-5], cache / "bcn.gpkg", layer="communes", driver="GPKG")
    found = preferred_boundaries()
    assert len(found.missing) == 6
    assert found.provenance is not None


def test_the_source_got_last_is_the_one_that_runs_use(server: Server, listed: List, cache: Path) -> None:
    listed(server.url())
    get_boundaries("bcn", limits=QUICK)
    listed(server.url(), name="dpa")
    get_boundaries("dpa", limits=QUICK)
    assert preferred_boundaries().source == "dpa"
    os.utime(cache / "bcn.gpkg", (0, 0))
    get_boundaries("bcn", limits=QUICK)
    assert server.asked == ["/good", "/good"]
    assert preferred_boundaries().source == "bcn"


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"provenance": {}}'])
def test_a_record_that_cannot_be_read_only_costs_its_facts(
    record: str, server: Server, listed: List, cache: Path
) -> None:
    listed(server.url())
    get_boundaries("bcn", limits=QUICK)
    (cache / "bcn.json").write_text(record)
    found = preferred_boundaries()
    assert (found.why, found.provenance, found.missing) == ("cached", None, ["12202"])


def test_a_layer_put_into_the_cache_by_hand_is_used(reference: Path, cache: Path) -> None:
    cache.mkdir(parents=True)
    shutil.copy(reference / "boundaries" / "communes_ine2016_15regions.gpkg", cache)
    found = preferred_boundaries(attempt=True)
    assert (found.why, found.source) == ("cached", "communes_ine2016_15regions.gpkg")
    assert cached_layer() == cache / "communes_ine2016_15regions.gpkg"


def test_without_a_name_the_cache_is_where_the_system_has_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RETORNO_CACHE")
    assert cache_folder().name == "retorno"


def test_every_source_names_all_that_its_use_needs() -> None:
    known = catalogue()
    assert list(known) == ["bcn", "dpa", "geoboundaries", "hdx"]
    for source in known.values():
        assert source.url.startswith("https://")
        assert source.licence
        assert source.attribution
        assert source.code or source.field
        assert source.format == "geojson" or source.path
    assert [s.name for s in known.values() if s.default] == ["bcn"]
    assert find_source("geoboundaries").bytes == 171_783_952


@pytest.mark.parametrize("content", ["[x", "[x]\ntitle = 'only'", "x = 1"])
def test_a_catalogue_of_ones_own_that_is_wrong_is_told(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.toml").write_text(content)
    monkeypatch.setenv("RETORNO_CATALOGUE", str(tmp_path / "own.toml"))
    with pytest.raises(geo.BoundaryError, match="RETORNO_CATALOGUE"):
        catalogue()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_it_is_always_said_which_layer_is_used_why_and_how_to_get_the_official_one(
    lang: Lang, server: Server, listed: List, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = used_lines(preferred_boundaries(), lang, default="bcn")
    assert "retorno boundaries get bcn" in drawing[-1]
    listed(server.url("missing"))
    assert (
        "404 Not Found"
        in used_lines(preferred_boundaries(attempt=True, limits=QUICK), lang, default="bcn")[0]
    )
    listed(server.url())
    assert used_lines(get_boundaries("bcn", limits=QUICK), lang, default="bcn")[1].count("Somebody") == 1
    day = json.loads((cache_folder() / "boundaries" / "bcn.json").read_text())["provenance"]["downloaded"]
    assert day in used_lines(preferred_boundaries(), lang, default="bcn")[0]
    assert any(day in line for line in catalogue_lines(listed_sources(), lang))


def test_a_given_layer_needs_no_reason(tmp_path: Path) -> None:
    found = open_boundaries(odd.write(tmp_path / "areas.gpkg", odd.squares()), id_field="id")
    assert used_lines(found, "en", default="bcn") == ["Boundaries: areas.gpkg."]
