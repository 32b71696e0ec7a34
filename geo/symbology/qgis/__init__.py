"""Styles in the language of QGIS (QML): symbols, classes, labels, forms, map tips."""
