"""Incomplete counts that several tests use."""

from __future__ import annotations

from functools import cache

import pandas as pd

import geo
from geo.boundaries.join import join
from geo.boundaries.layer import schematic_boundaries
from geo.data.knowncounts import known_counts
from geo.data.shipped import study_table
from geo.register.communes import commune_register
from geo.register.populations import population_series


@cache
def study_counts() -> tuple[pd.DataFrame, pd.Series]:
    """What the study of 2016 says of every commune's count, and the inhabitants."""
    communes = commune_register().index
    people = population_series("ine2002", 2016).reindex(communes)
    frame = join(study_table(geo.studies()["chile-2016"]), schematic_boundaries().areas).frame
    counts = known_counts(frame.reindex(communes), people, coverage="highest")
    return counts.assign(in_table=frame["row"].reindex(communes).notna()), people
