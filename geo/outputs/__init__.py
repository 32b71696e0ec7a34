"""Results out, and nothing computed on the way.

::

    writing      one run's files, written together: all of them or none
    gpkg/        the GeoPackage: layers, documentation, projects, what an earlier one is kept of
    web/         the map that works offline
    report/      the report, its sections and figures
    tables, export, manifest    the other files
    display, panels             what of a country stands where, on a screen and on a page
    drafts, staging, locks, refusals    how files come to stand whole in their place
"""
