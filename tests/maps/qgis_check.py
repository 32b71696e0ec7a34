"""Report what QGIS makes of a GeoPackage, as JSON on standard output. Run with the Python that has PyQGIS.

    python3 qgis_check.py FILE.gpkg

For each layer: whether it loads, its default style, its fields as people see them, and for each style stored
in the file its legend, the colours it draws and any fault of the drawing.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsAttributeEditorElement,
    QgsCoordinateReferenceSystem,
    QgsExpressionContextUtils,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsRenderContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtXml import QDomDocument


def open_layer(path, name):
    return QgsVectorLayer(f"{path}|layername={name}", f"layer of {name}", "ogr")


def draw(layer):
    """Draw without smoothing and with thick lines, so that every class and hatch has pixels of its colour."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    settings.setBackgroundColor(QColor("#ff00ff"))
    settings.setOutputSize(QSize(600, 500))
    settings.setOutputDpi(300)
    settings.setFlag(QgsMapSettings.Antialiasing, False)
    settings.setFlag(QgsMapSettings.DrawLabeling, False)
    extent = QgsRectangle(layer.extent()) if layer.featureCount() else QgsRectangle(-72, -36, -68, -33)
    extent.scale(1.1)
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    pixels = {image.pixel(x, y) & 0xFFFFFF for x in range(image.width()) for y in range(image.height())}
    return [error.message for error in job.errors()], sorted(f"#{pixel:06x}" for pixel in pixels)


def legend(layer):
    items = layer.renderer().legendSymbolItems() if layer.renderer() else []
    return [[item.label(), item.symbol().color().name() if item.symbol() else None] for item in items]


def matched(layer):
    """How often each label of the legend takes an area of the layer."""
    renderer, counts = layer.renderer(), {}
    labels = {item.ruleKey(): item.label() for item in renderer.legendSymbolItems()}
    context = QgsRenderContext()
    context.expressionContext().appendScopes(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    renderer.startRender(context, layer.fields())
    for feature in layer.getFeatures(QgsFeatureRequest()):
        context.expressionContext().setFeature(feature)
        for key in renderer.legendKeysForFeature(feature, context):
            if key in labels:  # the root of a tree of rules has no label
                counts[labels[key]] = counts.get(labels[key], 0) + 1
    renderer.stopRender(context)
    return counts


def describe(layer):
    fields = {}
    for index, field in enumerate(layer.fields()):
        setup = layer.editorWidgetSetup(index)
        pairs = setup.config().get("map", []) if setup.type() == "ValueMap" else []
        fields[field.name()] = {
            "alias": layer.attributeAlias(index),
            "widget": setup.type(),
            "values": {code: label for pair in pairs for label, code in pair.items()},
            "precision": setup.config().get("Precision"),
        }
    tabs = {
        tab.name(): [child.name() for child in tab.children()]
        for tab in layer.editFormConfig().tabs()
        if tab.type() == QgsAttributeEditorElement.AeTypeContainer
    }
    return {"fields": fields, "tabs": tabs, "display": layer.displayExpression()}


def stored_styles(path, name):
    layer = open_layer(path, name)
    count, ids, names, _, _ = layer.listStylesInDatabase()
    styles = {}
    for number in range(count):
        layer = open_layer(path, name)
        qml, fault = layer.getStyleFromDatabase(ids[number])
        document = QDomDocument()
        read = document.setContent(qml)[0]
        loaded, message = layer.importNamedStyle(document)
        entry = {"read": bool(read and loaded), "fault": fault or message, **describe(layer)}
        if layer.isSpatial():
            entry["errors"], entry["colors"] = draw(layer)
            entry["legend"], entry["matched"] = legend(layer), matched(layer)
            entry["renderer"] = layer.renderer().type()
        styles[names[number]] = entry
    return styles


def report(path, names):
    layers = {}
    for name in names:
        layer = open_layer(path, name)
        message, loaded = layer.loadDefaultStyle()
        layers[name] = {
            "valid": layer.isValid(),
            "features": layer.featureCount(),
            "crs": layer.crs().authid(),
            "styled": loaded,
            "message": message,
            "title": layer.metadata().title(),
            "abstract": layer.metadata().abstract(),
            "default_legend": legend(layer),
            "default": describe(layer),
            "styles": stored_styles(path, name),
        }
    return layers


def main(path):
    # Kept until the end: QGIS falls with its application object.
    application = QgsApplication([], False)
    application.initQgis()
    QgsProject.instance()
    whole = QgsVectorLayer(path, "all", "ogr")
    names = [part.split("!!::!!")[1] for part in whole.dataProvider().subLayers()]
    json.dump({"version": Qgis.QGIS_VERSION, "layers": report(path, names)}, sys.stdout, ensure_ascii=True)
    sys.stdout.flush()
    os._exit(0)  # the teardown of QGIS can crash after the work is done


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()))
