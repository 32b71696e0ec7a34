"""The manifest: what a person needs to make the same result again."""

from __future__ import annotations

import json
import math
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pyogrio
import pyproj
import shapely

from geo.outputs.drafts import written_at, written_whole

if TYPE_CHECKING:
    from geo.model.result import StudyResult

Fate = Literal["not_asked", "made", "not_possible"]
PACKAGES = (
    *("retorno", "folium", "geopandas", "libpysal", "matplotlib", "numpy", "pandas"),
    *("pyogrio", "pyproj", "scipy", "shapely"),
)


def versions() -> dict[str, str]:
    """Name what computed and drew, with its version."""
    return {name: version(name) for name in PACKAGES} | {
        "python": platform.python_version(),
        "GDAL": pyogrio.__gdal_version_string__,
        "GEOS": shapely.geos_version_string,
        "PROJ": pyproj.proj_version_str,
    }


def write_manifest(
    result: StudyResult, path: Path, *, pdf: Fate = "not_asked", overwrite: bool = False
) -> Path:
    """Write inputs with their SHA-256, versions, parameters, tests and the accounting of rows as JSON.

    Parameters
    ----------
    result : StudyResult
    path : path
    pdf : {"not_asked", "made", "not_possible"}
        What became of the printed report, for which a browser is needed.
    overwrite : bool
        Whether an existing file may be replaced.

    Raises
    ------
    OutputError
        If the file exists and `overwrite` is False, or cannot be written.
    """
    tests = asdict(result.tests) | {
        "by_size": result.tests.by_size.to_dict("records"),
        "size_model": _size_model(result),
        "stability": _stability(result),
    }
    rows = result.unmatched.astype(object).where(result.unmatched.notna(), None)
    content = {
        "title": dict(result.title),
        "date": f"{written_at():%Y-%m-%d}",
        "inputs": [dict(entry) for entry in result.inputs],
        "parameters": dict(result.parameters),
        "accounting": asdict(result.accounting) | {"balanced": result.accounting.balanced},
        "rows_apart": rows.to_dict("records"),
        "tests": tests,
        "unknown": _unknown(result),
        "pdf": pdf,
        "versions": versions(),
    }
    with written_whole(path, overwrite=overwrite) as draft:
        document = json.dumps(_finite(content), ensure_ascii=False, indent=2, allow_nan=False)
        draft.write_text(document + "\n", encoding="utf-8")
    return path


def _size_model(result: StudyResult) -> dict[str, object] | None:
    model = result.tests.size_model
    if model is None:
        return None
    return {
        "coefficients": model.coefficients.to_dict(),
        "standard_errors": model.standard_errors.to_dict(),
        "dispersion": model.dispersion,
        "log_likelihood": model.log_likelihood,
        "n": model.n,
    }


def _unknown(result: StudyResult) -> dict[str, object] | None:
    """What is known while counts are open: bounds without a model, and what the imputations rest on."""
    unknown = result.unknown
    if unknown is None:
        return None
    imputation, bounds = unknown.certainty.imputation, unknown.bounds
    return {
        "bounds": {
            name: asdict(getattr(bounds, name))
            for name in ("total", "overall_rate", "join_count", "moran_rate")
        },
        "imputations": len(imputation.draws.columns),
        "seed": imputation.seed,
        "assumptions": list(imputation.assumptions),
        "checks": [asdict(check) | {"failed": check.failed} for check in imputation.checks],
        "ranges": [asdict(test) for test in unknown.certainty.ranges],
        "certain": unknown.certainty.areas.index[unknown.certainty.areas["certain"].fillna(False)].tolist(),
        "certain_without_limit": unknown.unlimited.n_certain if unknown.unlimited else None,
    }


def _finite(content: object) -> object:
    """Say nothing where a number is undefined or an end is open: JSON knows neither."""
    if isinstance(content, dict):
        return {key: _finite(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


def _stability(result: StudyResult) -> dict[str, object] | None:
    """What the test found under each choice of weights and population, beside how its p-values were made."""
    stability = result.stability
    if stability is None:
        return None
    return {
        "main": stability.main._asdict(),
        "permutations": stability.permutations,
        "areas_at_floor": stability.at_floor,
        "seed": stability.seed,
        "specifications": stability.specifications.to_dict("records"),
    }
