/* The areas: what is known of each, and where it lies. */

import { bordersBetween, decodeShapes } from "./geometry.js";

/**
 * What is known of a number.
 *
 * @param {(number | null)[]} columns - what stands in those of the lowest, the exact and the highest
 * @returns {Known}
 */
function knownOf([low, exact, high]) {
  return { low, exact, high };
}

/**
 * The rate that a count makes, per 100,000 people; null where either number is lacking, or nobody lives there.
 *
 * @param {number | null} count
 * @param {number | null} people
 */
export function rateOf(count, people) {
  return count === null || !people ? null : (count / people) * 100000;
}

export class Areas {
  /** @param {PageData} data */
  constructor(data) {
    this.data = data;
    const { shapes, rings } = decodeShapes(data.shapes, (x, y) => L.latLng(y / data.scale, x / data.scale));
    this.shapes = shapes;
    this.rings = rings;
    this.all = shapes.map((_, i) => i);
    const named = (data.columns.region || []).filter((region) => region !== null);
    this.regions = [...new Set(/** @type {string[]} */ (named))];
    this.extents = shapes.map((polygons) => L.latLngBounds(polygons.flat(2)));
    this.boxes = data.boxes.map((box) => L.latLngBounds(box ? [[box[1], box[0]], [box[3], box[2]]] : []));
    const [west, south, east, north] = data.home;
    this.home = L.latLngBounds([[south, west], [north, east]]);
    this.lines = { areas: this.borders(this.all, true), regions: this.borders(data.columns.region || [], false) };
  }

  // ---- What is known of them -----------------------------------------------------------------------------------

  /**
   * The value of a column for area i; null where the column or the value is lacking.
   *
   * @template {keyof Columns} C
   * @param {C} column
   * @param {number} i
   * @returns {Columns[C][number] | null}
   */
  value(column, i) {
    const values = this.data.columns[column];
    return values ? values[i] : null;
  }

  /**
   * The values of several columns of numbers.
   *
   * @param {number} i
   * @param {...NumberColumn} columns
   */
  numbers(i, ...columns) {
    return columns.map((column) => this.value(column, i));
  }

  /** @param {number} i */
  name(i) {
    return this.value("area_name", i) || "—";
  }

  /**
   * The count of area i or its unmet need, as far as it is known.
   *
   * @param {Counted} counted
   * @param {number} i
   */
  knownCount(counted, i) {
    return counted === "unmet"
      ? knownOf(this.numbers(i, "unmet_low", "unmet", "unmet_high"))
      : knownOf(this.numbers(i, "releases_low", "releases", "releases_high"));
  }

  /**
   * Its rate, as far as it is known.
   *
   * @param {number} i
   */
  knownRate(i) {
    const people = this.value("population", i);
    const { low, high } = this.knownCount("releases", i);
    return knownOf([rateOf(low, people), this.value("rate", i), rateOf(high, people)]);
  }

  /**
   * Whether it is off a list of the highest rates: all that is known is a maximum, if the list is complete.
   *
   * @param {number} i
   */
  unlisted(i) {
    const bounded = this.value("status", i) === "bounded" && this.value("releases_low", i) === 0;
    return this.data.coverage === "highest" && bounded;
  }

  /**
   * Areas in the order of their names.
   *
   * @param {Iterable<number>} members
   * @param {Language} lang
   */
  byName(members, lang) {
    return [...members].sort((a, b) => this.name(a).localeCompare(this.name(b), lang));
  }

  // ---- Where they lie ------------------------------------------------------------------------------------------

  /**
   * The areas of a region; all for null.
   *
   * @param {string | null} region
   */
  inRegion(region) {
    const regions = this.data.columns.region || [];
    return this.all.filter((i) => region === null || regions[i] === region);
  }

  /** @param {number[]} members */
  withShape(members) {
    return members.filter((i) => this.shapes[i].length);
  }

  /**
   * What to show in order to show some areas: of each its main part.
   *
   * @param {number[]} members
   */
  bounds(members) {
    return members.reduce((box, i) => box.extend(this.boxes[i]), L.latLngBounds([]));
  }

  /**
   * Lines where the kind of area changes from one side to the other; with `coast`, also where there is no other side.
   *
   * @param {unknown[]} of
   * @param {boolean} coast
   */
  borders(of, coast) {
    return bordersBetween(this.rings, of, coast);
  }

  /** @param {Layer} layer */
  outlines({ outline }) {
    return outline ? this.borders(outline, true) : [];
  }
}
