"""What a style is made for, and what legends share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

import pandas as pd

from geo.symbology.qgis.literals import field as quoted
from geo.symbology.qgis.literals import string
from geo.symbology.qgis.qml import QmlClass, categories, rules
from geo.text.labels import Lang, text


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a style is made for."""

    frame: pd.DataFrame
    """The layer's table, arranged."""
    lang: Lang
    """Language of the legend."""
    schematic: bool
    """Whether the boundaries are schematic, which the legend then says."""
    subject: str = "releases"
    """What the table counts."""


def coded(field: str, classes: list[QmlClass], scene: Scene) -> Element:
    """Draw by code; under the heading that says so, where the boundaries are schematic."""
    if not scene.schematic:
        return categories(field, classes)
    tests = [f"{quoted(field)} = {string(entry.test)}" if entry.test else "ELSE" for entry in classes]
    ruled = [replace(entry, test=test) for entry, test in zip(classes, tests, strict=True)]
    return rules(noted(ruled, scene))


def sentence(label: str) -> str:
    return label[:1].upper() + label[1:]


def noted(classes: list[QmlClass], scene: Scene) -> list[QmlClass]:
    """Put the classes under a heading that says that the boundaries are schematic, where they are."""
    if not scene.schematic:
        return classes
    return [QmlClass(sentence(text("gpkg.notes.schematic", scene.lang))), *classes]
