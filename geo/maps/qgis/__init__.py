"""The GeoPackage that opens finished in QGIS: layers, styles, forms, metadata, projects."""
