"""Statistics: arrays, tables and graphs in, numbers out, never a file.

::

    engine           permutation, exact tails, correction: how p-values come about
    weights          who adjoins whom, and at what distance
    rates            crude, smoothed, standardised, adjusted; funnel; the set of highest rates
    autocorrelation  Moran, Geary, General G, join counts; local Moran, Gi*, local join counts
    incomplete       what can be said where counts are intervals
    inequality       how unevenly counts are spread over people
    correlation      whether two things go together over areas
"""
