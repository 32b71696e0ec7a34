"""The GeoPackage that opens finished in QGIS: layers, documentation, metadata, projects."""
