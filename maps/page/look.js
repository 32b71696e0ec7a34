/* Looks of the classes of a layer: colours, and patterns for what was not observed. */

import { $, svg } from "./dom.js";

/**
 * @param {Layer} layer
 * @param {number} k
 */
function patternOf(layer, k) {
  return `pattern-${layer.id}-${k}`;
}

/**
 * What to fill class k of a layer with: a colour or a pattern.
 *
 * @param {Layer} layer
 * @param {number} k
 */
export function paintOf(layer, k) {
  return layer.classes[k].hatch ? `url(#${patternOf(layer, k)})` : layer.classes[k].fill;
}

/** @type {Record<string, (stroke: string) => SVGElement>} */
const MARKS = {
  up: (stroke) => svg("path", { d: "M-1,1 l2,-2 M0,7 l7,-7 M6,8 l2,-2", stroke, "stroke-width": 1.4 }),
  down: (stroke) => svg("path", { d: "M-1,6 l2,2 M0,0 l7,7 M6,-1 l2,2", stroke, "stroke-width": 0.8 }),
  dots: (stroke) => svg("circle", { cx: 3.5, cy: 3.5, r: 1.1, fill: stroke }),
};

/**
 * Put the patterns of all layers into the page.
 *
 * @param {Layer[]} layers
 */
export function addPatterns(layers) {
  const tile = { width: 7, height: 7 };
  for (const layer of layers) {
    layer.classes.forEach((kind, k) => {
      if (!kind.hatch) return;
      const ground = svg("rect", Object.assign({ fill: kind.fill }, tile));
      const attributes = Object.assign({ id: patternOf(layer, k), patternUnits: "userSpaceOnUse" }, tile);
      $("#patterns defs").append(svg("pattern", attributes, ground, MARKS[kind.hatch](kind.line)));
    });
  }
}

/**
 * Make a small box in the look of an area's class.
 *
 * @param {Layer} layer
 * @param {number} k
 * @param {string} stroke
 * @param {{ width?: number, height?: number }} [size]
 */
export function swatch(layer, k, stroke, { width = 28, height = 16 } = {}) {
  const box = { x: 0.5, y: 0.5, width: width - 1, height: height - 1 };
  const look = Object.assign({ fill: paintOf(layer, k), stroke }, box);
  return svg("svg", { width, height, "aria-hidden": "true" }, svg("rect", look));
}

/**
 * Radius of a circle for a number; its surface is proportional, and all grow as the map comes nearer.
 *
 * @param {number} number
 * @param {number} largest - the number that the largest circle is for
 * @param {number} nearer - steps of zoom from the first view
 */
export function circleRadius(number, largest, nearer) {
  const most = Math.min(32, 14 * 1.25 ** nearer);
  return Math.max(1.5, most * Math.sqrt(number / largest));
}
