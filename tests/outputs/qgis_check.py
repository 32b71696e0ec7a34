"""Report what QGIS makes of GeoPackages, as JSON on standard output. Run with the Python that has PyQGIS.

    python3 qgis_check.py JOB.json

The job names files by what is to be done with them, so that QGIS starts once for all tests:

    layers    per layer: whether it loads, its default style, its fields as people see them, and for each
              stored style its legend, the colours it draws and any fault of the drawing
    projects  per project in the file: layers, tree, themes, bookmarks and layouts; one is drawn and printed
    open      a command that is run while a layer of the file is shown, and while it is being edited
"""

import json
import os
import subprocess
import sys
import tempfile
from array import array
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsAttributeEditorElement,
    QgsCoordinateReferenceSystem,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeatureRequest,
    QgsLayoutExporter,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsRenderContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage
from qgis.PyQt.QtXml import QDomDocument

PAGE = 65638  # the type of a page, which is an item too


def open_layer(path, name):
    return QgsVectorLayer(f"{path}|layername={name}", f"layer of {name}", "ogr")


def colours(image):
    bits = image.convertToFormat(QImage.Format_RGB32).constBits()
    pixels = array("I", bits.asstring(image.width() * image.height() * 4))
    return sorted({f"#{pixel & 0xFFFFFF:06x}" for pixel in set(pixels)})


def draw(layers, extent, crs, width=600, height=500):
    """Draw without smoothing and with thick lines, so that every class and hatch has pixels of its colour."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(crs)
    settings.setBackgroundColor(QColor("#ff00ff"))
    settings.setOutputSize(QSize(width, height))
    settings.setOutputDpi(300)
    settings.setFlag(QgsMapSettings.Antialiasing, False)
    settings.setFlag(QgsMapSettings.DrawLabeling, False)
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return [error.message for error in job.errors()], colours(job.renderedImage())


def draw_layer(layer):
    extent = QgsRectangle(layer.extent()) if layer.featureCount() else QgsRectangle(-72, -36, -68, -33)
    extent.scale(1.1)
    return draw([layer], extent, QgsCoordinateReferenceSystem("EPSG:4326"))


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
            if key in labels:  # the root of a list of rules has no label
                counts[labels[key]] = counts.get(labels[key], 0) + 1
    renderer.stopRender(context)
    return counts


def first_tip(layer):
    """What is shown where the pointer rests on the first row, and whether its expressions are right."""
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFields(layer.fields())
    context.setFeature(next(layer.getFeatures()))
    return QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)


def label_rules(layer):
    if not layer.labelsEnabled() or layer.labeling().type() != "rule-based":
        return []
    return [
        [rule.maximumScale(), rule.minimumScale(), rule.filterExpression(), rule.settings().fieldName]
        for rule in layer.labeling().rootRule().children()
    ]


def describe(layer):
    fields = {}
    first = next(layer.getFeatures(), None)
    for index, field in enumerate(layer.fields()):
        setup = layer.editorWidgetSetup(index)
        pairs = setup.config().get("map", []) if setup.type() == "ValueMap" else []
        formatter = QgsApplication.fieldFormatterRegistry().fieldFormatter(setup.type())
        shown = formatter.representValue(layer, index, setup.config(), None, first[index]) if first else None
        fields[field.name()] = {
            "alias": layer.attributeAlias(index),
            "widget": setup.type(),
            "values": {code: label for pair in pairs for label, code in pair.items()},
            "precision": setup.config().get("Precision"),
            "shown": shown,
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
            entry["errors"], entry["colors"] = draw_layer(layer)
            entry["legend"], entry["matched"] = legend(layer), matched(layer)
            entry["renderer"] = layer.renderer().type()
            entry["labels"] = label_rules(layer)
            entry["tip"] = first_tip(layer) if layer.featureCount() else ""
        styles[names[number]] = entry
    return styles


def report_layers(path):
    whole = QgsVectorLayer(path, "all", "ogr")
    names = [part.split("!!::!!")[1] for part in whole.dataProvider().subLayers()]
    layers = {}
    for name in names:
        layer = open_layer(path, name)
        message, loaded = layer.loadDefaultStyle()
        metadata = layer.metadata()
        layers[name] = {
            "valid": layer.isValid(),
            "features": layer.featureCount(),
            "crs": layer.crs().authid(),
            "styled": loaded,
            "message": message,
            "title": metadata.title(),
            "abstract": metadata.abstract(),
            "history": metadata.history(),
            "licenses": metadata.licenses(),
            "rights": metadata.rights(),
            "language": metadata.language(),
            "default_legend": legend(layer),
            "default": describe(layer),
            "styles": stored_styles(path, name),
        }
    return layers


def tree(group):
    """Groups and layers by name, each with whether it is checked."""
    return [
        [node.name(), node.itemVisibilityChecked(), tree(node) if node.nodeType() == 0 else None]
        for node in group.children()
    ]


def report_item(item):
    if isinstance(item, QgsLayoutItemLegend):
        item.adjustBoxSize()
    rect = item.sceneBoundingRect()
    entry = {
        "kind": type(item).__name__,
        "rect": [rect.left(), rect.top(), rect.right(), rect.bottom()],
    }
    if isinstance(item, QgsLayoutItemLabel):
        size = item.sizeForText()
        entry |= {"text": item.text(), "fits": [size.width() - rect.width(), size.height() - rect.height()]}
    elif isinstance(item, QgsLayoutItemMap):
        entry |= {"scale": item.scale(), "layers": len(item.layersToRender()), "crs": item.crs().isValid()}
        entry["theme"] = item.followVisibilityPresetName()
    elif isinstance(item, QgsLayoutItemLegend):
        entry["layers"] = [node.name() for node in item.model().rootGroup().findLayers()]
        entry["map"] = item.linkedMap().id() if item.linkedMap() else None
    elif isinstance(item, QgsLayoutItemScaleBar):
        entry |= {"units": item.unitsPerSegment(), "unit": item.unitLabel()}
        entry["map"] = item.linkedMap().id() if item.linkedMap() else None
    elif isinstance(item, QgsLayoutItemPicture):
        entry |= {
            "missing": item.isMissingImage(),
            "map": item.linkedMap().id() if item.linkedMap() else None,
        }
    return entry


def report_layout(layout, folder, printed):
    layout.refresh()
    page = layout.pageCollection().page(0).pageSize()
    items = [item for item in layout.items() if isinstance(item, QgsLayoutItem) and item.type() != PAGE]
    entry = {
        "page": [page.width(), page.height()],
        "items": {item.id(): report_item(item) for item in items},
    }
    if printed:
        exporter = QgsLayoutExporter(layout)
        pdf = folder / "layout.pdf"
        done = exporter.exportToPdf(str(pdf), QgsLayoutExporter.PdfExportSettings())
        entry["pdf"] = [done, pdf.stat().st_size if pdf.exists() else 0]
        entry["colors"] = colours(exporter.renderPageToImage(0, dpi=80))
    return entry


def report_project(path, name, printed):
    project = QgsProject.instance()
    project.clear()
    read = project.read(f"geopackage:{path}?projectName={name}")
    crs, view = project.crs(), project.viewSettings()
    layers = project.mapLayers().values()
    themes = {
        theme: [layer.name() for layer in project.mapThemeCollection().mapThemeVisibleLayers(theme)]
        for theme in project.mapThemeCollection().mapThemes()
    }
    first = QgsRectangle(view.defaultViewExtent())
    entry = {
        "read": read,
        "error": project.error(),
        "title": project.title(),
        "crs": [crs.authid(), crs.isValid(), crs.description()],
        "history": project.metadata().history(),
        "layers": {
            layer.name(): {
                "id": layer.id(),
                "valid": layer.isValid(),
                "source": layer.source(),
                "crs": layer.crs().authid(),
                "alias": layer.attributeAlias(1),
                "features": layer.featureCount(),
            }
            for layer in layers
        },
        "tree": tree(project.layerTreeRoot()),
        "themes": themes,
        "first": [first.xMinimum(), first.yMinimum(), first.xMaximum(), first.yMaximum()],
        "whole": [view.fullExtent().width(), view.fullExtent().height()],
        "bookmarks": {
            mark.name(): [mark.extent().width(), mark.extent().height()]
            for mark in project.bookmarkManager().bookmarks()
        },
        "note": project.readEntry("CopyrightLabel", "/Label")[0],
        "shown": {},
    }
    if printed:
        for theme in themes:
            shown = project.mapThemeCollection().mapThemeVisibleLayers(theme)
            entry["shown"][theme] = draw(shown, first, crs, 300, 900)
    with tempfile.TemporaryDirectory() as folder:
        layouts = project.layoutManager().layouts()
        entry["layouts"] = {layout.name(): report_layout(layout, Path(folder), printed) for layout in layouts}
    return entry


def report_projects(path, printed):
    storage = QgsApplication.projectStorageRegistry().projectStorageFromType("geopackage")
    names = storage.listProjects(f"geopackage:{path}")
    return {name: report_project(path, name, name == printed) for name in sorted(names)}


def report_open(path, command):
    """Run a command while a layer is shown and while it is edited; see if it reads the same afterwards."""
    layer = open_layer(path, "communes")
    rows = len(list(layer.getFeatures()))
    found = {"shown": report_command(layer, [*command, path], rows)}
    layer.startEditing()
    found["edited"] = report_command(layer, [*command, path], rows)
    layer.rollBack()
    return found


def report_command(layer, command, rows):
    done = subprocess.run(command, capture_output=True, text=True, env=plain_environment())
    same = len(list(layer.getFeatures())) == rows
    return {"code": done.returncode, "out": done.stdout, "err": done.stderr, "same": same}


def plain_environment():
    """The environment without what the Python of QGIS put there."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}


def main(job):
    # Kept until the end: QGIS falls with its application object.
    application = QgsApplication([], False)
    application.initQgis()
    QgsProject.instance()
    found = {
        "version": Qgis.QGIS_VERSION,
        "layers": {path: report_layers(path) for path in job["layers"]},
        "projects": {path: report_projects(path, printed) for path, printed in job["projects"].items()},
    }
    found["open"] = report_open(*job["open"])
    json.dump(found, sys.stdout, ensure_ascii=True)
    sys.stdout.flush()
    os._exit(0)  # the teardown of QGIS can crash after the work is done


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text("utf-8")))
