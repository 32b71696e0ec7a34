"""The papers behind each method, as the report cites them."""

from __future__ import annotations

from collections.abc import Iterable

_PAPERS = {
    "anselin_1995": "Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis"
    " 27(2), 93-115.",
    "anselin_1996": "Anselin, L. (1996). The Moran scatterplot as an ESDA tool to assess local instability in"
    " spatial association. In Fischer, M. et al. (eds), Spatial Analytical Perspectives on GIS. Taylor &"
    " Francis, 111-125.",
    "anselin_li_2019": "Anselin, L. & Li, X. (2019). Operational local join count statistics for cluster"
    " detection. Journal of Geographical Systems 21(2), 189-210.",
    "assuncao_reis_1999": "Assunção, R. M. & Reis, E. A. (1999). A new proposal to adjust Moran's I for"
    " population density. Statistics in Medicine 18(16), 2147-2162.",
    "benjamini_hochberg_1995": "Benjamini, Y. & Hochberg, Y. (1995). Controlling the false discovery rate: a"
    " practical and powerful approach to multiple testing. Journal of the Royal Statistical Society B 57(1),"
    " 289-300.",
    "clifford_1989": "Clifford, P., Richardson, S. & Hémon, D. (1989). Assessing the significance of the"
    " correlation between two spatial processes. Biometrics 45(1), 123-134.",
    "clopper_pearson_1934": "Clopper, C. J. & Pearson, E. S. (1934). The use of confidence or fiducial limits"
    " illustrated in the case of the binomial. Biometrika 26(4), 404-413.",
    "cliff_ord_1981": "Cliff, A. D. & Ord, J. K. (1981). Spatial Processes: Models and Applications. Pion.",
    "dutilleul_1993": "Dutilleul, P. (1993). Modifying the t test for assessing the correlation between two"
    " spatial processes. Biometrics 49(1), 305-314.",
    "garwood_1936": "Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28(3/4),"
    " 437-442.",
    "gini_1914": "Gini, C. (1914). Sulla misura della concentrazione e della variabilità dei caratteri. Atti"
    " del Reale Istituto Veneto di Scienze, Lettere ed Arti 73, 1203-1248.",
    "hoover_1936": "Hoover, E. M. (1936). The measurement of industrial localization. Review of Economics and"
    " Statistics 18(4), 162-171.",
    "lahdelma_1998": "Lahdelma, R., Hokkanen, J. & Salminen, P. (1998). SMAA: stochastic multiobjective"
    " acceptability analysis. European Journal of Operational Research 106(1), 137-143.",
    "lorenz_1905": "Lorenz, M. O. (1905). Methods of measuring the concentration of wealth. Publications of"
    " the American Statistical Association 9(70), 209-219.",
    "marshall_1991": "Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes"
    " estimators. Journal of the Royal Statistical Society C 40(2), 283-294.",
    "ord_getis_2001": "Ord, J. K. & Getis, A. (2001). Testing for local spatial autocorrelation in the"
    " presence of global autocorrelation. Journal of Regional Science 41(3), 411-432.",
    "phipson_smyth_2010": "Phipson, B. & Smyth, G. K. (2010). Permutation p-values should never be zero."
    " Statistical Applications in Genetics and Molecular Biology 9(1), 39.",
    "rubin_1987": "Rubin, D. B. (1987). Multiple Imputation for Nonresponse in Surveys. Wiley.",
    "spiegelhalter_2005": "Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance."
    " Statistics in Medicine 24(8), 1185-1202.",
    "theil_1967": "Theil, H. (1967). Economics and Information Theory. North-Holland.",
}
_BEHIND = {
    "rates": ["garwood_1936"],
    "joins": ["cliff_ord_1981"],
    "local_joins": ["anselin_li_2019"],
    "moran": [
        *("anselin_1995", "anselin_1996", "assuncao_reis_1999", "cliff_ord_1981"),
        *("ord_getis_2001", "phipson_smyth_2010"),
    ],
    "correction": ["benjamini_hochberg_1995"],
    "smoothing": ["marshall_1991"],
    "funnel": ["spiegelhalter_2005"],
    "lorenz": ["lorenz_1905"],
    "unknown": ["rubin_1987"],
    "gap": ["garwood_1936"],
    "priority": ["lahdelma_1998"],
    "inequality": ["gini_1914", "hoover_1936", "theil_1967", "clopper_pearson_1934"],
    "correlation": ["clifford_1989", "dutilleul_1993"],
}


def references(methods: Iterable[str]) -> list[str]:
    """List the papers behind some methods in alphabetical order.

    Parameters
    ----------
    methods : iterable of str
        Keys of ``[report.method]`` in ``maps/report.toml``.

    Examples
    --------
    >>> [paper[:16] for paper in references(["rates", "joins"])]
    ['Cliff, A. D. & O', 'Garwood, F. (193']
    """
    return [_PAPERS[key] for key in sorted({key for method in methods for key in _BEHIND.get(method, [])})]
