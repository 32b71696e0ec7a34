"""How a map shows what is known: themes, their classes and colours, and how each is drawn.

::

    breaks    where one class of numbers ends and the next begins
    themes    the layers of the web map and the figures, with the class of every area
    qgis/     the same in the language of QGIS
"""
