/* Drawings of the areas: the map itself, and still ones of its parts. Every drawing shows the same layer and marks the
   same area. The geometry is the page's; a drawing only restyles it. */

import { paintOf } from "./look.js";

/** @typedef {import("./areas.js").Areas} Areas */
/** @typedef {(number: number, largest: number) => number} Radius */
/** @typedef {"pointed" | "chosen"} Mark */
/** @typedef {{ areas: Areas, actions: Actions, radius: Radius }} Common */

const PANES = { borders: 410, outlines: 420, circles: 430, marks: 440 };

// What a drawing of a part needs not be given all of.
const boxes = new WeakMap();

/**
 * Those of the lines that cross a part of the map; all where there is no part.
 *
 * @param {L.LatLng[][]} lines
 * @param {L.LatLngBounds | null} part
 */
function crossing(lines, part) {
  if (!part) return lines;
  return lines.filter((line) => {
    if (!boxes.has(line)) boxes.set(line, L.latLngBounds(line));
    return part.intersects(boxes.get(line));
  });
}

/** @param {L.Map} map */
function addPanes(map) {
  for (const [pane, order] of Object.entries(PANES)) {
    const made = map.createPane(pane);
    made.style.zIndex = String(order);
    if (pane !== "circles") made.style.pointerEvents = "none";
  }
}

/**
 * @param {L.Map} map
 * @param {L.PolylineOptions} look
 */
function thinLine(map, look) {
  return L.polyline([], Object.assign({ interactive: false, smoothFactor: 0 }, look)).addTo(map);
}

/**
 * Two lines, dark in a light one, that stand out from any colour.
 *
 * @param {L.Map} map
 * @param {number} weight
 */
function doubleLine(map, weight) {
  return [
    thinLine(map, { pane: "marks", color: "#ffffff", weight: 2 * weight }),
    thinLine(map, { pane: "marks", color: "#111111", weight }),
  ];
}

/**
 * The lines of a map: borders of areas and of regions, and those that follow the layer.
 *
 * @param {L.Map} map
 * @param {Areas} areas
 * @param {L.LatLngBounds | null} part
 */
function makeLines(map, { data, lines }, part) {
  const color = data.schematic ? data.lines.schematic : data.lines.area;
  const made = {
    areas: thinLine(map, { pane: "borders", color }),
    regions: thinLine(map, { pane: "borders", color: data.lines.region }),
    outlines: thinLine(map, { pane: "outlines", color: data.lines.region }),
  };
  made.areas.setLatLngs(crossing(lines.areas, part));
  made.regions.setLatLngs(crossing(lines.regions, part));
  return made;
}

export class Drawing {
  /**
   * @param {L.Map} map
   * @param {number[]} members - the areas that it shows
   * @param {L.LatLngBounds | null} part - what it shows if it never moves
   * @param {Common} common
   */
  constructor(map, members, part, { areas, actions, radius }) {
    this.map = map;
    this.members = members;
    this.part = part;
    this.areas = areas;
    this.actions = actions;
    this.radius = radius;
    addPanes(map);
    this.paths = new Map(members.map((i) => [i, this.listen(this.draw(i), i)]));
    this.lines = makeLines(map, areas, part);
    this.marks = { pointed: doubleLine(map, 2), chosen: doubleLine(map, 3) };
    /** @type {Circles | undefined} */
    this.sizes = undefined;
    /** @type {Map<number, L.CircleMarker>} */
    this.circles = new Map();
    this.group = L.layerGroup().addTo(map);
  }

  /**
   * No stroke of their own: a border is drawn once, and shared borders stay shared.
   *
   * @param {number} i
   */
  draw(i) {
    return L.polygon(this.areas.shapes[i], { smoothFactor: 0, stroke: false, fillOpacity: 1 }).addTo(this.map);
  }

  /**
   * @template {L.Path} P
   * @param {P} path
   * @param {number} i
   * @returns {P}
   */
  listen(path, i) {
    const { actions } = this;
    return path.on({
      click: ({ originalEvent }) => actions.open(i, { at: originalEvent }),
      mouseover: ({ originalEvent }) => actions.point(i, originalEvent),
      mousemove: ({ originalEvent }) => actions.point(i, originalEvent),
      mouseout: () => actions.point(null),
    });
  }

  /** Thin lines while the country is small: thousands of islets would otherwise be all line. */
  rescale() {
    const { schematic } = this.areas.data;
    const zoom = this.map.getZoom();
    const scale = zoom < 5 ? 0.3 : zoom < 7 ? 0.5 : 1;
    const dashes = (/** @type {string} */ pattern) => (schematic && zoom >= 7 ? pattern : undefined);
    this.lines.areas.setStyle({ weight: 0.8 * scale, dashArray: dashes("5 3"), opacity: schematic ? 0.75 : 1 });
    this.lines.regions.setStyle({ weight: 0.4 + 0.9 * scale, dashArray: dashes("9 3"), opacity: 0.6 });
    this.lines.outlines.setStyle({ weight: 0.5 + 1.5 * scale });
    for (const [i, circle] of this.circles) circle.setRadius(this.radiusAt(i));
  }

  /** @param {number} i */
  radiusAt(i) {
    return this.sizes ? this.radius(this.sizes.values[i] || 0, this.sizes.largest) : 0;
  }

  /** @param {Circles | undefined} sizes */
  showCircles(sizes) {
    this.sizes = sizes;
    this.group.clearLayers();
    this.circles.clear();
    if (!sizes) return;
    const open = new Set(sizes.open);
    const many = (/** @type {number} */ i) => sizes.values[i] || 0;
    const drawn = this.members.filter((i) => sizes.values[i] !== null && this.areas.data.places[i]);
    // The smallest on top.
    for (const i of drawn.sort((a, b) => many(b) - many(a))) this.addCircle(i, sizes, open.has(i));
  }

  /**
   * @param {number} i
   * @param {Circles} sizes
   * @param {boolean} ring - whether its value is only the highest possible
   */
  addCircle(i, sizes, ring) {
    const { places, scale } = this.areas.data;
    const [x, y] = places[i] || [NaN, NaN];
    const look = { color: ring ? sizes.line : "#ffffff", weight: ring ? 2 : 1, fillColor: sizes.fill };
    const at = L.latLng(y / scale, x / scale);
    const circle = L.circleMarker(at, { pane: "circles", fillOpacity: ring ? 0 : 0.7, ...look });
    this.circles.set(i, this.listen(circle.addTo(this.group), i));
  }

  /**
   * Colour the areas, with lines around those that belong together.
   *
   * @param {Layer} layer
   * @param {L.LatLng[][]} lines
   */
  showLayer(layer, lines) {
    for (const [i, path] of this.paths) path.setStyle({ fillColor: paintOf(layer, layer.of[i]) });
    this.lines.outlines.setLatLngs(crossing(lines, this.part));
    this.showCircles(layer.circles);
    this.rescale();
  }

  /**
   * Draw around area i; null for none.
   *
   * @param {Mark} kind
   * @param {number | null} i
   */
  mark(kind, i) {
    const rings = i === null ? [] : this.areas.shapes[i].flat().map((ring) => [...ring, ring[0]]);
    for (const line of this.marks[kind]) line.setLatLngs(rings);
  }

  /**
   * Let what lies below shine through, or not.
   *
   * @param {number} opacity
   */
  dim(opacity) {
    this.paths.forEach((path) => path.setStyle({ fillOpacity: opacity }));
  }
}

/** All drawings that there are at a time: what is shown on one is shown on each. */
export class Drawings {
  /**
   * @param {Common} common
   * @param {Layer} layer
   */
  constructor(common, layer) {
    this.common = common;
    this.layer = layer;
    this.outlines = common.areas.outlines(layer);
    /** @type {number | null} */
    this.chosen = null;
    /** @type {Drawing[]} */
    this.all = [];
  }

  /**
   * Draw areas on a map, of which only a part is ever seen or, for null, any.
   *
   * @param {L.Map} map
   * @param {number[]} members
   * @param {L.LatLngBounds | null} part
   */
  add(map, members, part) {
    const made = new Drawing(map, members, part, this.common);
    this.all.push(made);
    made.showLayer(this.layer, this.outlines);
    made.mark("chosen", this.chosen);
    return made;
  }

  /**
   * Take drawings and their maps away.
   *
   * @param {Drawing[]} some
   */
  remove(some) {
    this.all = this.all.filter((one) => !some.includes(one));
    for (const one of some) one.map.remove();
  }

  /** @param {Layer} layer */
  showLayer(layer) {
    this.layer = layer;
    this.outlines = this.common.areas.outlines(layer);
    for (const one of this.all) one.showLayer(layer, this.outlines);
  }

  /** @param {number | null} i */
  point(i) {
    for (const one of this.all) one.mark("pointed", i);
  }

  /** @param {number | null} i */
  choose(i) {
    this.chosen = i;
    for (const one of this.all) one.mark("chosen", i);
  }

  rescale() {
    for (const one of this.all) one.rescale();
  }

  /**
   * Which area is drawn by one of some elements.
   *
   * @param {Element[]} elements
   */
  areaOf(elements) {
    const areas = this.all.flatMap((one) => [...one.paths]);
    const found = areas.find(([, path]) => elements.includes(/** @type {Element} */ (path.getElement())));
    return found ? found[0] : null;
  }
}
