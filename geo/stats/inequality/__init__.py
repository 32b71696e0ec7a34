"""How unevenly events are spread over people, beyond what chance alone would spread them.

::

    lorenz       the curve of areas ordered by their rate, and what a set of areas holds
    indices      Gini, Hoover, Theil (between and within groups), the share of the largest
    nullmodel    the same indices where everybody's risk is the same: their means, and draws
    extremes     the least and greatest values that intervals of counts allow
    excess       how much more than chance, at least, where counts are intervals
    quotients    each area's share of events over its share of people, with exact limits
    assessment   all of them for one table of counts
"""
