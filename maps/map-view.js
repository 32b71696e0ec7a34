/* One drawing of the areas: the map itself, or an inset of a part of it. Every drawing shows the same layer and
   marks the same area. The geometry is the page's; a drawing only restyles it. One that never moves is told which
   `part` it shows. */

function mapView(map, members, app, part) {
  "use strict";
  const { data, shapes } = app;
  const thin = (line) => L.polyline([], Object.assign({ interactive: false, smoothFactor: 0 }, line)).addTo(map);

  for (const [pane, order] of [["borders", 410], ["outlines", 420], ["circles", 430], ["marks", 440]]) {
    map.createPane(pane).style.zIndex = order;
    if (pane !== "circles") map.getPane(pane).style.pointerEvents = "none";
  }

  const listen = (path, i) =>
    path.on({
      click: ({ originalEvent }) => app.open(i, { at: originalEvent }),
      mouseover: ({ originalEvent }) => app.point(i, originalEvent),
      mousemove: ({ originalEvent }) => app.point(i, originalEvent),
      mouseout: () => app.point(null),
    });

  // No stroke of their own: a border is drawn once, and shared borders stay shared.
  const draw = (i) => L.polygon(shapes[i], { smoothFactor: 0, stroke: false, fillOpacity: 1 }).addTo(map);
  const paths = new Map(members.map((i) => [i, listen(draw(i), i)]));

  const areaLine = thin({ pane: "borders", color: data.schematic ? data.lines.schematic : data.lines.area });
  const regionLine = thin({ pane: "borders", color: data.lines.region });
  const outline = thin({ pane: "outlines", color: data.lines.region });
  areaLine.setLatLngs(app.within(app.lines.areas, part));
  regionLine.setLatLngs(app.within(app.lines.regions, part));
  const double = (weight) => [
    thin({ pane: "marks", color: "#ffffff", weight: 2 * weight }),
    thin({ pane: "marks", color: "#111111", weight }),
  ];
  const marks = { pointed: double(2), chosen: double(3) };

  // Thin lines while the country is small: thousands of islets would otherwise be all line.
  function rescale() {
    const zoom = map.getZoom();
    const scale = zoom < 5 ? 0.3 : zoom < 7 ? 0.5 : 1;
    const dashes = data.schematic && zoom >= 7 ? "5 3" : null;
    areaLine.setStyle({ weight: 0.8 * scale, dashArray: dashes, opacity: data.schematic ? 0.75 : 1 });
    regionLine.setStyle({ weight: 0.4 + 0.9 * scale, dashArray: dashes && "9 3", opacity: 0.6 });
    outline.setStyle({ weight: 0.5 + 1.5 * scale });
    for (const [i, circle] of circles) circle.setRadius(app.radius(app.layer.circles.values[i]));
  }

  // ---- Circles -----------------------------------------------------------------------------------------------

  const circles = new Map();
  const group = L.layerGroup().addTo(map);

  function showCircles({ circles: sizes }) {
    group.clearLayers();
    circles.clear();
    if (!sizes) return;
    const open = new Set(sizes.open);
    const drawn = members.filter((i) => sizes.values[i] !== null && data.places[i]);
    // The smallest on top.
    for (const i of drawn.sort((a, b) => sizes.values[b] - sizes.values[a])) {
      const [x, y] = data.places[i];
      const ring = open.has(i);
      const look = { color: ring ? sizes.line : "#ffffff", weight: ring ? 2 : 1, fillColor: sizes.fill };
      const at = [y / data.scale, x / data.scale];
      const circle = L.circleMarker(at, { pane: "circles", fillOpacity: ring ? 0 : 0.7, ...look });
      circles.set(i, listen(circle.addTo(group), i));
    }
  }

  // ---- What the page asks of a drawing -----------------------------------------------------------------------

  /** Colour the areas, with `lines` around those that belong together. */
  function showLayer(layer, lines) {
    for (const [i, path] of paths) path.setStyle({ fillColor: app.paint(layer, layer.of[i]) });
    outline.setLatLngs(app.within(lines, part));
    showCircles(layer);
    rescale();
  }

  /** Draw around area i; null for none. `kind` is pointed or chosen. */
  function mark(kind, i) {
    const rings = i === null ? [] : [].concat(...shapes[i]).map((ring) => [...ring, ring[0]]);
    for (const line of marks[kind]) line.setLatLngs(rings);
  }

  /** Let what lies below shine through, or not. */
  const dim = (opacity) => paths.forEach((path) => path.setStyle({ fillOpacity: opacity }));

  return { map, paths, showLayer, rescale, mark, dim };
}
