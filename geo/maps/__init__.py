"""Results out, and nothing computed on the way.

    output       one run's files, written together
    qgis/        the GeoPackage: layers, styles, forms, metadata, projects
    web/         the map that works offline
    report/      the report, its sections and figures
    tables, export, manifest, summary    the other files, and what the terminal shows

What they share: ``labels`` (the catalogue of words), ``fields`` and ``documentation`` (what a column is),
``themes`` and ``classes`` (how a map colours areas), ``panels`` and ``display`` (what of the country stands
where), ``numerals``, ``files``.
"""
