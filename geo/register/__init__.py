"""Which area is meant: one rule for codes and names, and the communes of Chile with what is known of them.

::

    identity     the area of each row, by its code and its name
    names        names as people write them
    vintages     codes of all years
    missing      what people write where nothing is known
    communes     the communes, their regions, places and sizes
    pairs        which of them adjoin
    zones        the zones in which the 2016 study tells where people return to
    populations  their inhabitants, by year
"""
