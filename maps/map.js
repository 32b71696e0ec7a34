/* Behaviour of the web map. All it shows comes from the JSON in #data (see geo/maps/webmap.py). Leaflet (L),
   map-words.js, map-geometry.js and map-card.js stand above in the same file. */

function retornoMap(id) {
  "use strict";
  const data = JSON.parse($("#data").textContent);
  const words = mapWords(data);
  const { text, name, number, value } = words;
  const { shapes, borders } = mapGeometry(data);
  const describe = mapCard(data, words, open);
  const wide = window.matchMedia("(min-width: 56rem)");
  const roomy = window.matchMedia("(min-width: 82rem)");
  const animate = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  let layer = data.layers[0];
  let selected = null;
  let opener = null;

  // ---- The map -------------------------------------------------------------------------------------------

  const map = L.map(id, {
    zoomSnap: 0.25,
    zoomAnimation: animate,
    maxZoom: 14,
    attributionControl: false,
    scrollWheelZoom: wide.matches, // on a phone the page scrolls, not the map
  });
  const [west, south, east, north] = data.home;
  const home = L.latLngBounds([[south, west], [north, east]]);
  map.fitBounds(home);
  const homeZoom = map.getZoom();

  const drawArea = (target, i) =>
    L.polygon(shapes[i], {
      smoothFactor: 0, // shared borders stay shared
      weight: 0.5,
      color: data.lines.area,
      fillOpacity: 1,
    })
      .bindTooltip(() => tooltip(i), { sticky: true, direction: "top", offset: [0, -6] })
      .on("click", () => open(i))
      .addTo(target);
  const paths = shapes.map((_, i) => drawArea(map, i));
  const bounds = (members) => members.reduce((box, i) => box.extend(paths[i].getBounds()), L.latLngBounds([]));

  for (const [pane, order] of [["borders", 450], ["chosen", 460]]) {
    map.createPane(pane).style.zIndex = order;
    map.getPane(pane).style.pointerEvents = "none";
  }
  const drawLine = (pane, color, weight, opacity = 1) =>
    L.polyline([], { pane, color, weight, opacity, interactive: false, smoothFactor: 0 }).addTo(map);
  const regions = data.columns.region || [];
  drawLine("borders", data.lines.region, 0.9, 0.55).setLatLngs(borders(regions, false));
  const outlines = [drawLine("borders", data.lines.region, 2)];
  const chosen = [drawLine("chosen", "#ffffff", 5.5), drawLine("chosen", "#111111", 2.5)];

  // Thin lines while the country is small: thousands of islets would otherwise be all line.
  function afterZoom() {
    const zoom = map.getZoom();
    const scale = zoom < 5 ? 0.25 : zoom < 7 ? 0.5 : 1;
    for (const path of paths) path.setStyle({ weight: 0.8 * scale });
    outlines[0].setStyle({ weight: 0.5 + 1.5 * scale });
    $("#inset-box").classList.toggle("aside", zoom > homeZoom + 1.5);
  }

  // What is opened must not lie under the card, which covers the right of a wide map.
  function go(target, margin = 0) {
    if (!target.isValid()) return; // an area without polygon has a card and no place
    const card = wide.matches && !$("#card").hidden ? $("#card").offsetWidth + 16 : 0;
    const room = { paddingTopLeft: [16, 16], paddingBottomRight: [16 + card, 16] };
    map.fitBounds(target.pad(margin), Object.assign(room, { maxZoom: 11, animate }));
    showStage();
  }

  // On a phone the map and the card below it may have been scrolled away.
  function showStage() {
    if (!wide.matches) $(".stage").scrollIntoView({ block: "start", behavior: animate ? "smooth" : "auto" });
  }

  function addControls() {
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    const toHome = L.control({ position: "topleft" });
    toHome.onAdd = () => {
      const box = element("div", button("⌂", () => go(home)), { class: "leaflet-bar home" });
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    toHome.addTo(map);
  }

  // ---- Inset: where areas are smallest, if the first view is too small to show them -------------------------

  const regionNames = [...new Set(regions)].filter((region) => region !== null);
  const inRegion = (region) => regions.map((r, i) => (r === region ? i : -1)).filter((i) => i >= 0);
  const inset = new Map();
  let insetRegion = null;

  // The six tenths of a region's areas that stand nearest to its middle.
  function core(members) {
    const centres = members.map((i) => paths[i].getBounds().getCenter());
    const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
    const middle = [median(centres.map((c) => c.lat)), median(centres.map((c) => c.lng))];
    const far = (k) => map.distance(centres[k], middle);
    const near = members.map((_, k) => k).sort((a, b) => far(a) - far(b));
    return near.slice(0, Math.ceil(members.length * 0.6)).map((k) => members[k]);
  }

  // The region whose core has the fewest pixels to an area; none if every core has enough.
  function crowded() {
    const cores = regionNames.map((region) => {
      const members = core(inRegion(region).filter((i) => shapes[i].length));
      const box = bounds(members);
      if (members.length < 6) return { room: Infinity };
      const [a, b] = [box.getNorthWest(), box.getSouthEast()].map((corner) => map.project(corner, homeZoom));
      return { region, box, room: ((b.x - a.x) * (b.y - a.y)) / members.length };
    });
    return cores.filter((one) => one.room < 150).sort((a, b) => a.room - b.room)[0];
  }

  function addInset() {
    const found = roomy.matches && !insetRegion && crowded();
    if (!found) return;
    insetRegion = found.region;
    $("#inset-box").hidden = false;
    const off = ["zoomControl", "attributionControl", "keyboard", "dragging", "scrollWheelZoom", "doubleClickZoom"];
    const still = [...off, "touchZoom", "boxZoom"].map((option) => ({ [option]: false }));
    const small = L.map("inset", Object.assign({ zoomSnap: 0 }, ...still)).fitBounds(found.box);
    paths.forEach((path, i) => {
      if (shapes[i].length && small.getBounds().intersects(path.getBounds())) inset.set(i, drawArea(small, i));
    });
    outlines.push(L.polyline([], { color: data.lines.region, weight: 1.5, interactive: false }).addTo(small));
    showInset();
  }

  function showInset() {
    if (insetRegion) fill($("#inset-box p"), text("find.inset", { region: insetRegion }));
  }

  // ---- Layer and legend ------------------------------------------------------------------------------------

  const pattern = (one, k) => `pattern-${one.id}-${k}`;
  const paint = (one, k) => (one.classes[k].hatch ? `url(#${pattern(one, k)})` : one.classes[k].fill);

  function addPatterns() {
    const marks = {
      up: (stroke) => svg("path", { d: "M-1,1 l2,-2 M0,7 l7,-7 M6,8 l2,-2", stroke, "stroke-width": 1.4 }),
      down: (stroke) => svg("path", { d: "M-1,6 l2,2 M0,0 l7,7 M6,-1 l2,2", stroke, "stroke-width": 0.8 }),
      dots: (stroke) => svg("circle", { cx: 3.5, cy: 3.5, r: 1.1, fill: stroke }),
    };
    for (const one of data.layers) {
      one.classes.forEach((kind, k) => {
        if (!kind.hatch) return;
        const tile = { width: 7, height: 7 };
        const ground = svg("rect", Object.assign({ fill: kind.fill }, tile));
        const attributes = Object.assign({ id: pattern(one, k), patternUnits: "userSpaceOnUse" }, tile);
        $("#patterns defs").append(svg("pattern", attributes, ground, marks[kind.hatch](kind.line)));
      });
    }
  }

  function className(kind) {
    if (!kind.range) return words.capital(kind.label[words.lang]);
    const [low, high] = kind.range.map(words.figure);
    return text("class.range", { low, high });
  }

  function showLayer(next) {
    layer = next;
    for (const [i, path] of [...paths.entries(), ...inset]) path.setStyle({ fillColor: paint(layer, layer.of[i]) });
    const lines = layer.outline ? borders(layer.outline, true) : [];
    for (const one of outlines) one.setLatLngs(lines);
    showLegend();
  }

  function legendRow(kind, k) {
    const look = { x: 0.5, y: 0.5, width: 27, height: 15, fill: paint(layer, k), stroke: data.lines.area };
    const swatch = svg("svg", { width: 28, height: 16, "aria-hidden": "true" }, svg("rect", look));
    const many = layer.of.filter((one) => one === k).length;
    return element("tr", [
      element("td", swatch),
      element("th", className(kind), { scope: "row" }),
      element("td", number(many), { class: "number" }),
    ]);
  }

  function showLegend() {
    const title = text(`layer.${layer.id}`);
    const far = data.far.map(name).join(", ");
    fill($("#legend-title"), title);
    fill($("#legend tbody"), ...layer.classes.map(legendRow));
    fill($("#legend .note"), text(`note.${layer.id}`, { method: layer.method ? layer.method[words.lang] : "" }));
    fill($("#far-note"), far ? text("find.far_hint", { names: far }) : "");
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
    return button(parts, () => go(bounds(set.members), 0.1));
  }

  function tooltip(i) {
    const rate = value("rate", i);
    const lines = [element("strong", name(i))];
    if (rate !== null) lines.push(element("span", `${words.alias("rate")}: ${number(rate, 1)}`));
    if (layer.id !== "rate" || rate === null) lines.push(element("span", className(layer.classes[layer.of[i]])));
    return element("div", lines, { class: "tip" });
  }

  // ---- Card --------------------------------------------------------------------------------------------------

  function showCard() {
    $("#card").hidden = selected === null;
    const outline = selected === null ? [] : [].concat(...shapes[selected]).map((ring) => [...ring, ring[0]]);
    for (const one of chosen) one.setLatLngs(outline);
    if (selected === null) return;
    const place = ["province", "region"].map((column) => value(column, selected)).filter((v) => v !== null);
    const notes = [[...new Set(place)].join(", "), shapes[selected].length ? "" : text("card.nowhere")];
    fill(
      $("#card"),
      button("×", shut, { class: "close", "aria-label": text("card.close") }),
      element("h2", name(selected)),
      ...notes.filter(Boolean).map((note) => element("p", note, { class: "subtitle" })),
      describe(selected)
    );
  }

  function open(i, move) {
    if (selected === null) opener = document.activeElement;
    selected = i;
    showCard();
    if (move) go(bounds([i]), 0.3);
    $("#card").focus({ preventScroll: true });
    showStage();
  }

  function shut() {
    selected = null;
    showCard();
    const back = opener && opener.isConnected && opener.matches("button, input, select");
    (back ? opener : map.getContainer()).focus({ preventScroll: true });
  }

  // ---- Search and zoom -----------------------------------------------------------------------------------------

  // An area is found by its name, by other spellings in use and by its code, spaces apart.
  const pressed = (s) => words.fold(s).replace(/ /g, "");
  const called = data.columns.area_name.map((one, i) => [one || "", ...data.other[i]].map(pressed));

  function find(wanted) {
    const all = called.map((_, i) => i);
    const ways = [(one) => one === wanted, (one) => one.startsWith(wanted), (one) => one.includes(wanted)];
    return ways.map((way) => all.filter((i) => called[i].some(way))).find((found) => found.length) || [];
  }

  function search() {
    const wanted = pressed($("#name").value);
    const found = wanted ? find(wanted) : [];
    fill($("#found"));
    if (found.length === 1) open(found[0], true);
    else if (found.length) offer(found);
    else if (wanted) fill($("#found"), text("find.none"));
  }

  function offer(found) {
    const where = (i) => (value("region", i) ? ` (${value("region", i)})` : "");
    const links = found.slice(0, 40).map((i) => button(name(i) + where(i), () => open(i, true)));
    const many = text("find.several", { n: number(found.length) });
    fill($("#found"), `${many} `, element("span", links, { class: "links" }));
  }

  // From north to south in a tall country, as its people list its regions; else by name.
  function sortedRegions() {
    const tall = north - south > 2 * (east - west);
    const top = (region) => {
      const box = bounds(inRegion(region));
      return box.isValid() ? box.getNorth() : -90;
    };
    return [...regionNames].sort((a, b) => (tall ? top(b) - top(a) : a.localeCompare(b, words.lang)));
  }

  function showPlaces() {
    const option = (place, content) => element("option", content, { value: place });
    const group = (key, options) => element("optgroup", options, { label: text(key) });
    const places = [option("home", text("find.home"))];
    const far = data.far.map((i) => option(`area:${i}`, name(i)));
    if (regionNames.length > 1) {
      places.push(group("find.regions", sortedRegions().map((region) => option(`region:${region}`, region))));
    }
    if (far.length) places.push(group("find.far", far));
    fill($("#place"), ...places);
  }

  function zoomTo(place) {
    const [kind, which] = [place.split(":")[0], place.slice(place.indexOf(":") + 1)];
    if (kind === "area") return go(bounds([Number(which)]), 0.3);
    if (kind === "home") return go(home);
    const near = inRegion(which).filter((i) => !data.far.includes(i));
    return go(bounds(near.length ? near : inRegion(which)));
  }

  // ---- Language ------------------------------------------------------------------------------------------------

  const NAMED = {
    ".leaflet-control-zoom-in": "control.zoom_in",
    ".leaflet-control-zoom-out": "control.zoom_out",
    ".home button": "find.home",
  };

  function showLanguage(lang) {
    words.lang = document.documentElement.lang = lang;
    document.title = $("#title").textContent = data.title[lang] || text("page.title");
    for (const one of $$("[data-text]")) one.textContent = text(one.dataset.text);
    for (const one of $$("[data-label]")) one.setAttribute("aria-label", text(one.dataset.label));
    for (const one of $$("[data-lang]")) one.setAttribute("aria-pressed", one.dataset.lang === lang);
    for (const [css, key] of Object.entries(NAMED)) {
      $(css).title = text(key);
      $(css).setAttribute("aria-label", text(key));
    }
    for (const part of ["headline", "sources"]) {
      const sentences = data[part][lang] || [];
      $(`#${part}`).hidden = !sentences.length;
      fill($(`#${part} ul`), ...sentences.map((sentence) => element("li", sentence)));
    }
    fill($("#found"));
    for (const show of [showRadios, showInset, showPlaces, showLegend, showCard]) show();
  }

  function showRadios() {
    const radios = data.layers.map((one) => {
      const radio = element("input", [], { type: "radio", name: "layer", value: one.id });
      radio.checked = one === layer;
      return element("label", [radio, text(`layer.${one.id}`)]);
    });
    fill($("#layers .radios"), ...radios);
  }

  // ---- Print: the map takes the size of a page, and keeps what it showed ----------------------------------------

  let seen = home;
  function resize(printing) {
    if (printing) {
      const picked = selected !== null && shapes[selected].length > 0;
      seen = picked ? bounds([selected]).pad(0.5) : map.getBounds();
      if (map.getBounds().contains(home)) seen = home;
    }
    document.documentElement.classList.toggle("printing", printing);
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(seen, { animate: false });
  }

  // ---- Start -----------------------------------------------------------------------------------------------------

  function openCentre(event) {
    if (event.key !== "Enter" || event.target !== map.getContainer()) return;
    const frame = map.getContainer().getBoundingClientRect();
    const under = document.elementsFromPoint(frame.x + frame.width / 2, frame.y + frame.height / 2);
    const i = paths.findIndex((path) => under.includes(path.getElement()));
    if (i >= 0) open(i);
  }

  function listen() {
    map.on("zoomend", afterZoom);
    map.getContainer().addEventListener("keydown", openCentre);
    document.addEventListener("keydown", (event) => event.key === "Escape" && selected !== null && shut());
    $("#find").addEventListener("submit", (event) => {
      event.preventDefault();
      search();
    });
    $("#name").addEventListener("input", (event) => {
      // A name picked from the list opens at once; typing waits for Enter.
      if (!event.inputType || event.inputType === "insertReplacementText") search();
    });
    $("#place").addEventListener("change", (event) => zoomTo(event.target.value));
    $("#layers").addEventListener("change", (event) => {
      showLayer(data.layers.find((one) => one.id === event.target.value));
      // On a narrow screen the choices stand below the map: bring back what they change.
      if (!wide.matches) $(".stage").scrollIntoView({ block: "nearest" });
    });
    for (const one of $$("[data-lang]")) one.addEventListener("click", () => showLanguage(one.dataset.lang));
    $("#print").addEventListener("click", () => window.print());
    window.addEventListener("beforeprint", () => resize(true));
    window.addEventListener("afterprint", () => resize(false));
    roomy.addEventListener("change", () => {
      addInset();
      showLayer(layer);
    });
  }

  document.documentElement.style.setProperty("--warn", data.lines.schematic);
  for (const css of ["#schematic", "#schematic-note"]) $(css).hidden = !data.schematic;
  fill($("#names"), ...[...new Set(data.columns.area_name)].map((one) => element("option", [], { value: one || "" })));
  addControls();
  addPatterns();
  addInset();
  afterZoom();
  showLayer(layer);
  showLanguage(data.lang);
  listen();
  return map;
}
