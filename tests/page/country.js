// A small country as Python embeds it in the page, and as much of Leaflet as areas need.

class Bounds {
  constructor() {
    this.points = [];
  }

  extend(other) {
    this.points.push(...other.points);
    return this;
  }

  isValid() {
    return this.points.length > 0;
  }
}

globalThis.L = {
  latLng: (lat, lng) => ({ lat, lng }),
  latLngBounds: (corners) => {
    const points = corners.map((at) => (Array.isArray(at) ? at : [at.lat, at.lng]));
    return Object.assign(new Bounds(), { points });
  },
};

/** A square of side 1 whose lower left corner is at x, y: its vertices, and the steps along them. */
const square = (x, y) => [x, y, 1, 0, 0, 1, -1, 0];

const TEXTS = {
  "card.unknown": "unknown",
  "card.at_most": "at most {high}",
  "card.rate_at_most": "at most {high}",
  "class.range": "{low} to {high}",
  "card.needs": "served {served}; lacking {lacking}; unknown {unknown}",
  "card.needs_denied": "no programme",
  "card.needs_none": "none of {n}",
  "card.needs_unknown": "nothing known",
  "card.provider": "by {value}",
  "card.between": "{low} to {high}",
  "card.capacity": "{value} places",
  "card.capacity_unknown": "places not known",
  "card.unmet": "{value} without",
  "card.unmet_open": "{low} to {high} without",
  "card.unmet_least": "{low} or more without",
};

/** Two areas of the north side by side, one of the south below the first, and an island without polygon. */
export function country(more = {}) {
  return {
    lang: "en",
    follow: true,
    coverage: "highest",
    scale: 10,
    shapes: [[[square(0, 10)]], [[square(1, 10)]], [[square(0, 9)]], []],
    places: [[0, 10], [1, 10], [0, 9], null],
    boxes: [[0, 1, 0.1, 1.1], [0.1, 1, 0.2, 1.1], [0, 0.9, 0.1, 1], null],
    home: [0, 0.9, 0.2, 1.1],
    far: [3],
    other: [["1", "Alto"], ["2"], ["3"], ["4"]],
    columns: {
      area_name: ["Ñandú", "Álamo", "Nogal", null],
      region: ["North", "North", "South", null],
      status: ["published", "derived", "bounded", "missing"],
      releases: [1200, null, null, null],
      releases_low: [1200, 40, 0, null],
      releases_high: [1200, 50, 88, null],
      population: [100000, 20000, 50000, 0],
      rate: [1200, null, null, null],
      support_status: ["yes", "no", "yes", null],
      provider: ["ministry", null, null, null],
      capacity_low: [10, null, 3, null],
      capacity_high: [10, null, null, null],
      unmet: [5, null, null, null],
      unmet_low: [5, 1, 3, 0],
      unmet_high: [5, 4, null, null],
    },
    layers: [],
    texts: { en: TEXTS, es: { ...TEXTS, "card.unknown": "desconocido" } },
    aliases: { en: { releases: "Releases", rate: "Rate", unmet: "Unmet" } },
    values: { en: { cluster: { "High-High": "high among high" } } },
    ...more,
  };
}
