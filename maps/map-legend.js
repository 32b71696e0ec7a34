/* Layers and their legend: radio buttons, patterns, and a legend that follows the layer shown. */

function mapLegend(app) {
  "use strict";
  const { data, words } = app;
  const { text, name, number } = words;

  const pattern = (layer, k) => `pattern-${layer.id}-${k}`;

  /** What to fill class k of a layer with: a colour or a pattern. */
  const paint = (layer, k) => (layer.classes[k].hatch ? `url(#${pattern(layer, k)})` : layer.classes[k].fill);

  function addPatterns() {
    const marks = {
      up: (stroke) => svg("path", { d: "M-1,1 l2,-2 M0,7 l7,-7 M6,8 l2,-2", stroke, "stroke-width": 1.4 }),
      down: (stroke) => svg("path", { d: "M-1,6 l2,2 M0,0 l7,7 M6,-1 l2,2", stroke, "stroke-width": 0.8 }),
      dots: (stroke) => svg("circle", { cx: 3.5, cy: 3.5, r: 1.1, fill: stroke }),
    };
    for (const layer of data.layers) {
      layer.classes.forEach((kind, k) => {
        if (!kind.hatch) return;
        const tile = { width: 7, height: 7 };
        const ground = svg("rect", Object.assign({ fill: kind.fill }, tile));
        const attributes = Object.assign({ id: pattern(layer, k), patternUnits: "userSpaceOnUse" }, tile);
        $("#patterns defs").append(svg("pattern", attributes, ground, marks[kind.hatch](kind.line)));
      });
    }
  }

  function className(kind) {
    if (!kind.range) return words.capital(kind.label[words.lang]);
    const [low, high] = kind.range.map(words.figure);
    return text("class.range", { low, high });
  }

  /** A small box in the look of an area's class. */
  function swatch(layer, k, width = 28, height = 16) {
    const box = { x: 0.5, y: 0.5, width: width - 1, height: height - 1 };
    const look = Object.assign({ fill: paint(layer, k), stroke: data.lines.area }, box);
    return svg("svg", { width, height, "aria-hidden": "true" }, svg("rect", look));
  }

  const row = (picture, label, many = "") =>
    element("tr", [
      element("td", picture),
      element("th", label, { scope: "row" }),
      element("td", many, { class: "number" }),
    ]);

  function classRow(kind, k) {
    const many = app.layer.of.filter((one) => one === k).length;
    return row(swatch(app.layer, k), className(kind), number(many));
  }

  function lineRow(key, color, dashes) {
    const line = { x1: 0, x2: 28, y1: 8, y2: 8, stroke: color, "stroke-width": 2, "stroke-dasharray": dashes };
    return row(svg("svg", { width: 28, height: 16, "aria-hidden": "true" }, svg("line", line)), words.capital(text(key)));
  }

  function lineRows() {
    const rows = [];
    const dashes = data.schematic ? "5 3" : "none";
    if (app.regions.length > 1) rows.push(lineRow("class.border_region", data.lines.region, dashes));
    if (data.schematic) rows.push(lineRow("class.border_schematic", data.lines.schematic, dashes));
    return rows;
  }

  // Circles as large as they are on the map at its present scale.
  function circleRows() {
    const sizes = app.layer.circles;
    if (!sizes) return [];
    const drawn = (r, look) => {
      const side = Math.max(28, Math.ceil(2 * r) + 2);
      const circle = Object.assign({ cx: side / 2, cy: side / 2, r }, look);
      return svg("svg", { width: side, height: side, "aria-hidden": "true" }, svg("circle", circle));
    };
    const solid = { fill: sizes.fill, "fill-opacity": 0.7, stroke: "#ffffff" };
    const ring = { fill: "none", stroke: sizes.line, "stroke-width": 2 };
    const rows = sizes.steps.map((step) => row(drawn(app.radius(step), solid), number(step)));
    if (sizes.open.length) rows.push(row(drawn(6, ring), words.capital(text("class.ring")), number(sizes.open.length)));
    for (const one of rows) one.className = "size";
    return rows;
  }

  function showRows() {
    fill($("#legend tbody"), ...circleRows(), ...app.layer.classes.map(classRow), ...lineRows());
  }

  function show() {
    const layer = app.layer;
    const title = text(`layer.${layer.id}`);
    fill($("#legend-title"), title);
    showRows();
    fill($("#legend .note"), text(`note.${layer.id}`, { method: layer.method ? layer.method[words.lang] : "" }));
    $("#far-note").hidden = !data.far.length;
    fill($("#far-note .links"), ...words.byName(data.far).map((i) => app.link(i)));
    $("#legend .sets").hidden = !layer.sets.length;
    fill($("#legend .sets ul"), ...layer.sets.map((set) => element("li", setButton(set))));
    $("#status").textContent = text("control.shown", { layer: title });
  }

  function setButton(set) {
    const shown = set.members.slice(0, set.members.length > 5 ? 4 : 5);
    const names = shown.map(name).join(", ");
    const rest = set.members.length - shown.length;
    const parts = [rest ? text("class.set_more", { names, n: number(rest) }) : names];
    if (set.label) parts.unshift(`${words.label("cluster", set.label)}: `);
    if (set.rate !== null) parts.push(element("small", ` ${text("class.set_rate", { rate: number(set.rate, 1) })}`));
    return button(parts, () => app.go(app.bounds(set.members), 0.1));
  }

  /** Radio buttons where there is room, one line on a phone. */
  function showChoices() {
    const named = (one) => text(`layer.${one.id}`);
    if (!$("#layers input[name=layer]")) {
      const radio = (one) => element("input", [], { type: "radio", name: "layer", value: one.id });
      fill($("#layers .radios"), ...data.layers.map((one) => element("label", [radio(one), element("span")])));
      fill($("#layer"), ...data.layers.map((one) => element("option", [], { value: one.id })));
    }
    data.layers.forEach((one, k) => {
      const [radio, label] = $("#layers .radios").children[k].children;
      radio.checked = one === app.layer;
      fill(label, named(one));
      fill($("#layer").options[k], named(one));
    });
    $("#layer").value = app.layer.id;
  }

  addPatterns();
  return { paint, swatch, className, show, showRows, showChoices };
}
