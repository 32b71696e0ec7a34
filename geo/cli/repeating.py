"""A run that is repeated: what its manifest says takes the place of every option."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from geo.errors import InputError

if TYPE_CHECKING:
    from geo import Recipe
    from geo.text.labels import Lang


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


def repeated(arguments: argparse.Namespace) -> Recipe:
    """Read how a run is repeated.

    Raises
    ------
    InputError
        If a table or another option is named beside the manifest, or an input is not there or has changed.
    """
    from geo import read_manifest

    own = argparse.ArgumentParser(add_help=False)
    for name in ("--from", "--inputs", "--out"):
        own.add_argument(name)
    own.add_argument("--overwrite", action="store_true")
    _, more = own.parse_known_args(arguments.words[1:])
    if more:
        received = "beside it " + " ".join(more)
        raise InputError("--from repeats a run as it was", received, "leave that out")
    return read_manifest(arguments.manifest, inputs=arguments.inputs)


@contextmanager
def dated(epoch: int | None) -> Iterator[None]:
    """Let files carry a date while the block runs; of none, the day or what ``SOURCE_DATE_EPOCH`` says."""
    usual = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is not None:
        os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    try:
        yield
    finally:
        if usual is None:
            os.environ.pop("SOURCE_DATE_EPOCH", None)
        else:
            os.environ["SOURCE_DATE_EPOCH"] = usual


def version_lines(recipe: Recipe, lang: Lang) -> list[str]:
    """Say what does not compute and draw as it did then."""
    from geo.text.labels import text

    others = ", ".join(f"{name} {then} → {now}" for name, (then, now) in recipe.changed_versions().items())
    return [text("summary.files.versions", lang, versions=others)] if others else []
