"""What ships: the wheel holds every room and every asset, and works from inside a zip."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.once  # what is in a wheel

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_module_and_asset_and_nothing_else(wheel: Path) -> None:
    names = {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}
    code = {p.relative_to(ROOT).as_posix() for p in (ROOT / "geo").rglob("*") if p.suffix in (".py", ".pyi")}
    assets = {
        f"geo/_shipped/{p.relative_to(ROOT).as_posix()}"
        for room in ("boundaries", "data", "maps")
        for p in (ROOT / room).rglob("*")
        if p.is_file()
    }
    assert names == code | assets | {"geo/py.typed"}
    for module in ("geo/data/table.py", "geo/outputs/web/mappage.py", "geo/boundaries/layer.py"):
        assert module in names


def test_the_source_distribution_holds_the_page_and_nothing_that_only_checks_it(tmp_path: Path) -> None:
    build = f"from hatchling.build import build_sdist; print(build_sdist({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"maps/page/main.js", "tests/vectors.json", "geo/outputs/web/scripts.py"} <= names
    assert [name for name in names if name.startswith(("tests/page", "node_modules", "package"))] == []


def test_the_wheel_works_from_inside_a_zip(wheel: Path, tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import geo;"
        "r = geo.run('chile-2016', boundaries='schematic', region='15', permutations=99);"
        "from geo.outputs.web.scripts import page_script; assert 'L.map(' in page_script();"
        "assert '.whl' in geo.__file__, geo.__file__; print(len(r.areas))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, str(wheel)], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout.strip() == "4", done.stderr
