"""Which official series a column of populations comes from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.model.country import Register
from geo.model.tables import PopulationFit


def fit_population(people: pd.Series, register: Register) -> PopulationFit | None:
    """Find the official series and year that fit populations best.

    Parameters
    ----------
    people : Series
        Inhabitants by code of today, missing where unknown.
    register : Register
        Whose series are compared.

    Returns
    -------
    PopulationFit or None
        None where there is nothing to compare.

    Examples
    --------
    >>> from geo.register.countries import chile
    >>> fit_population(pd.Series({"05101": 295_731, "01101": 199_629}), chile.register())
    PopulationFit(series='ine2002', year=2016, equal=2, compared=2, median_difference=0.0)
    """
    known = people.dropna()
    known = known[known > 0].astype(float)
    fits = []
    for series in register.series:
        official = series.years().reindex(known.index).astype(float)
        for year in official.columns if len(known) else []:
            apart = (known - official[year]).abs() / official[year]
            if apart.notna().any():
                equal, median = int((apart == 0).sum()), float(np.nanmedian(apart))
                fit = PopulationFit(
                    series=series.name,
                    year=int(year),
                    equal=equal,
                    compared=len(known),
                    median_difference=median,
                )
                fits.append(fit)
    return max(fits, key=lambda fit: (fit.equal, -fit.median_difference), default=None)


def same_population(
    area: str, people: int, near: PopulationFit, register: Register
) -> tuple[str, int] | None:
    """Find the series and year in which an area had exactly this population, the nearest year first.

    Examples
    --------
    >>> near = PopulationFit(series="ine2002", year=2016, equal=30, compared=32, median_difference=0.0)
    >>> from geo.register.countries import chile
    >>> same_population("05501", 93_633, near, chile.register())
    ('ine2002', 2015)
    """
    matches = []
    for series in register.series:
        official = series.years()
        if area in official.index:
            years = official.columns[(official.loc[area] == people).to_numpy(dtype=bool)]
            other = series.name != near.series
            matches += [(other, abs(int(y) - near.year), series.name, int(y)) for y in years]
    return min(matches)[2:] if matches else None
