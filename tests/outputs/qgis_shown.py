"""Report what a person sees who opens projects of GeoPackages in QGIS, as JSON on standard output.

    python3 qgis_shown.py PROJECTS.json

Run with the Python that has PyQGIS. The list names a file and a project in each entry; the answer is in its
order.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())

from qgis.core import (
    QgsApplication,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsProject,
    QgsRenderContext,
)


def shown_layer(layer):
    """Its rows, and what QGIS writes of each: its name in lists, its tip, its labels by scale."""
    found = {"valid": layer.isValid(), "count": layer.featureCount(), "rows": []}
    if not layer.isValid():
        return found
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFields(layer.fields())
    for feature in layer.getFeatures():
        context.setFeature(feature)
        row = {
            "values": [str(value) for value in feature.attributes()],
            "name": str(QgsExpression(layer.displayExpression()).evaluate(context)),
            "tip": QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context),
        }
        if layer.labelsEnabled() and layer.labeling().type() == "rule-based":
            rules = [rule.settings() for rule in layer.labeling().rootRule().children()]
            row["labels"] = [str(rule.getLabelExpression().evaluate(context)) for rule in rules]
        found["rows"].append(row)
    found["about"] = layer.htmlMetadata()
    found["matched"] = matched(layer) if layer.isSpatial() else {}
    found["aliases"] = [layer.attributeAlias(index) for index in range(layer.fields().count())]
    return found


def matched(layer):
    """How many rows each class of its legend takes."""
    renderer, counts = layer.renderer(), {}
    labels = {item.ruleKey(): item.label() for item in renderer.legendSymbolItems()}
    context = QgsRenderContext()
    context.expressionContext().appendScopes(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    renderer.startRender(context, layer.fields())
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        for key in renderer.legendKeysForFeature(feature, context):
            if key in labels:  # the root of a list of rules has no label
                counts[labels[key]] = counts.get(labels[key], 0) + 1
    renderer.stopRender(context)
    return counts


def shown_page(layout):
    layout.refresh()
    words = {}
    for item in layout.items():
        if isinstance(item, QgsLayoutItemLabel):
            words[item.id()] = item.currentText()
        elif isinstance(item, QgsLayoutItemLegend):
            context = item.createExpressionContext()
            root = item.model().rootGroup()
            words["legend"] = [
                QgsExpression.replaceExpressionText(leaf.customProperty("legend/title-label") or "", context)
                for leaf in root.findLayers()
            ]
            words["classes"] = [
                node.evaluateLabel(context) if hasattr(node, "evaluateLabel") else ""
                for leaf in root.findLayers()
                for node in item.model().layerLegendNodes(leaf)
            ]
    return words


def shown_project(path, name):
    project = QgsProject.instance()
    project.clear()
    read = project.read(f"geopackage:{path}?projectName={name}")
    note = project.readEntry("CopyrightLabel", "/Label")[0]
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(None))
    return {
        "read": read,
        "title": project.title(),
        "note": QgsExpression.replaceExpressionText(note, context),
        "layers": {layer.name(): shown_layer(layer) for layer in project.mapLayers().values()},
        "pages": {page.name(): shown_page(page) for page in project.layoutManager().layouts()},
        "bookmarks": [mark.name() for mark in project.bookmarkManager().bookmarks()],
    }


def main(wanted):
    # Kept until the end: QGIS falls with its application object.
    application = QgsApplication([], False)
    application.initQgis()
    found = [shown_project(path, name) for path, name in wanted]
    json.dump(found, sys.stdout, ensure_ascii=True)
    sys.stdout.flush()
    os._exit(0)  # the teardown of QGIS can crash after the work is done


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text("utf-8")))
