"""The manifest: what a person needs to make the same result again."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Literal

from geo.controls import escaped
from geo.environment import versions
from geo.model.options import FILES, LayerTaken, Options
from geo.model.programmes import Inventory, InventoryFile, InventorySource
from geo.model.result import StudyResult
from geo.outputs.drafts import written_at, written_whole

Fate = Literal["not_asked", "made", "not_possible"]
AS_THEY_ARE = {field.name for field in fields(Options)} - FILES
"""Options that stand in a manifest as they are; the others name files."""


def write_manifest(
    result: StudyResult,
    path: Path,
    *,
    pdf: Fate = "not_asked",
    written: Mapping[str, object] | None = None,
    overwrite: bool = False,
) -> Path:
    """Write options, inputs with their SHA-256, versions, parameters, tests and the account of rows as JSON.

    With these a run can be repeated (:func:`geo.read_manifest`); no path stands in it, only names of files.

    Parameters
    ----------
    result : StudyResult
    path : path
    pdf : {"not_asked", "made", "not_possible"}
        What became of the printed report, for which a browser is needed.
    written : mapping, optional
        How the result is written: options of :meth:`geo.Result.write`.
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
        "source_date_epoch": int(written_at().timestamp()),
        "options": options_asked(result),
        "written": dict(written or {}),
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
        draft.write_text(escaped(document) + "\n", encoding="utf-8")
    return path


def options_asked(result: StudyResult) -> dict[str, object]:
    """Give the options of a run as they were asked for, files by name and SHA-256.

    A layer that was taken because none was named is told with why it was.
    """
    asked, layer = result.options, result.boundaries
    files = {entry["role"]: {"file": entry["name"], "sha256": entry["sha256"]} for entry in result.inputs}
    boundaries: object = "schematic" if asked.boundaries == "schematic" else files["boundaries"]
    if asked.boundaries is None or isinstance(asked.boundaries, LayerTaken):
        taken = {"why": layer.why, "failure": layer.failure}
        boundaries = {"taken": taken if layer.schematic else taken | files["boundaries"]}
    series = {"printed", *(one.name for one in result.register.series)} if result.register else {"printed"}
    population = asked.population
    plain = population is None or (isinstance(population, str) and population in series)
    return {
        "source": {"study": result.study.name} if result.study else files["table"],
        "boundaries": boundaries,
        "population": population if plain else files["population"],
        "inventory": _inventory_asked(asked.inventory, files.get("inventory")),
        **{name: getattr(asked, name) for name in sorted(AS_THEY_ARE)},
        "columns": dict(asked.columns or {}),
    }


def _inventory_asked(inventory: InventorySource | None, file: Mapping[str, str] | None) -> object:
    """Say which file of support was asked for and how it is read, or what one is called that is no file."""
    if inventory is None:
        return None
    one = inventory.file if isinstance(inventory, Inventory) else inventory
    if one is None or file is None:
        return {"object": inventory.source if isinstance(inventory, Inventory) else str(inventory)}
    if not isinstance(one, InventoryFile):
        one = InventoryFile(path=one)
    return {**file, "columns": dict(one.columns or {}), "decimal": one.decimal, "sheet": one.sheet}


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
