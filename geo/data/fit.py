"""Which official series a column of populations comes from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.model.tables import PopulationFit
from geo.register.populations import SERIES, population_years


def fit_population(people: pd.Series) -> PopulationFit | None:
    """Find the INE series and year that fit populations best.

    Parameters
    ----------
    people : Series
        Inhabitants by 2018 code, missing where unknown.

    Returns
    -------
    PopulationFit or None
        None where there is nothing to compare.

    Examples
    --------
    >>> fit_population(pd.Series({"05101": 295_731, "01101": 199_629}))
    PopulationFit(series='ine2002', year=2016, equal=2, compared=2, median_difference=0.0)
    """
    known = people.dropna()
    known = known[known > 0].astype(float)
    fits = []
    for series in SERIES:
        official = population_years(series).reindex(known.index).astype(float)
        for year in official.columns if len(known) else []:
            apart = (known - official[year]).abs() / official[year]
            if apart.notna().any():
                equal, median = int((apart == 0).sum()), float(np.nanmedian(apart))
                fit = PopulationFit(
                    series=series, year=int(year), equal=equal, compared=len(known), median_difference=median
                )
                fits.append(fit)
    return max(fits, key=lambda fit: (fit.equal, -fit.median_difference), default=None)


def same_population(cut: str, people: int, near: PopulationFit) -> tuple[str, int] | None:
    """Find the series and year in which a commune had exactly this population, the nearest year first.

    Examples
    --------
    >>> near = PopulationFit(series="ine2002", year=2016, equal=30, compared=32, median_difference=0.0)
    >>> same_population("05501", 93_633, near)
    ('ine2002', 2015)
    """
    found = []
    for series in SERIES:
        official = population_years(series)
        if cut in official.index:
            years = official.columns[(official.loc[cut] == people).to_numpy(dtype=bool)]
            found += [(series != near.series, abs(int(y) - near.year), series, int(y)) for y in years]
    return min(found)[2:] if found else None
