"""A run that is repeated: what its manifest says takes the place of every option."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from geo.errors import InputError
from geo.model.options import Options

if TYPE_CHECKING:
    from geo.text.labels import Lang

BESIDE = {"manifest", "inputs", "out", "overwrite", "verb"}
"""What may be named beside a manifest."""


def writing(arguments: argparse.Namespace, lang: Lang) -> dict[str, Any]:
    """Give how a result is written, as a command was asked for it: options of :meth:`geo.Result.write`."""
    if arguments.inputs is not None:
        raise InputError(
            "--inputs is about the files of a manifest", repr(arguments.inputs), "add --from MANIFEST"
        )
    return {
        "lang": lang,
        "follow_browser": arguments.lang is None,
        "basemap": arguments.basemap,
        "basemap_credit": arguments.basemap_credit,
        "also": arguments.also,
        "pdf": arguments.pdf,
    }


def repeated(
    arguments: argparse.Namespace, parser: argparse.ArgumentParser
) -> tuple[Options, dict[str, Any], list[str]]:
    """Give the options of a run that is repeated, how it was written, and what is not as it was then.

    The date of its files becomes that of all that is written from now on.

    Raises
    ------
    InputError
        If a table or another option is named beside it, or an input is not there or has changed.
    """
    from geo import read_manifest
    from geo.text.labels import language, text

    usual = vars(parser.parse_args(["run"]))
    named = [name for name, value in vars(arguments).items() if name not in BESIDE and value != usual[name]]
    if named:
        received = ", ".join(sorted(named))
        raise InputError("--from repeats a run as it was", f"beside it {received}", "leave that out")
    recipe = read_manifest(arguments.manifest, inputs=arguments.inputs)
    os.environ["SOURCE_DATE_EPOCH"] = str(recipe.epoch)
    how = {**recipe.written, "lang": language(recipe.written["lang"])}
    others = ", ".join(f"{name} {then} → {now}" for name, (then, now) in recipe.changed_versions().items())
    return (
        recipe.options,
        how,
        [text("summary.files.versions", how["lang"], versions=others)] if others else [],
    )
