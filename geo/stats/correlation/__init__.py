"""Whether two things go together over areas, tested so that spatial autocorrelation does not pass for it.

::

    places             distances between areas, and the borders between them
    distanceclasses    pairs of areas sorted into classes of distance
    modified           how much a correlation over areas varies by chance: Clifford-Richardson-Hémon,
                       Dutilleul, and the same without the bias of centred values
    lee                Lee's L
    coefficients       Pearson, Spearman, partial, with all of these, for two columns
"""
