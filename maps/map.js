/* Behaviour of the web map: brings its parts together. All they show comes from the JSON in #data (see
   geo/maps/web/page.py). Leaflet (L) and the other map-*.js stand above in the same file. */

function retornoMap(id) {
  "use strict";
  const data = JSON.parse($("#data").textContent);
  const words = mapWords(data);
  const { text, name, value } = words;
  const { shapes, borders, within } = mapGeometry(data);
  const wide = window.matchMedia("(min-width: 56rem)");
  const animate = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const regions = data.columns.region || [];
  const all = shapes.map((_, i) => i);

  // What the parts share: what is shown now, and what they may ask of the page.
  const app = {
    data,
    words,
    shapes,
    within,
    lines: { areas: borders(all, true), regions: borders(regions, false) },
    layer: data.layers[0],
    selected: null,
    online: false, // whether the map lies on tiles from a network
    views: [],
    regions: [...new Set(regions)].filter((region) => region !== null),
    inRegion: (region) => all.filter((i) => region === null || regions[i] === region),
    extent: (i) => extents[i],
    bounds: (members) => members.reduce((box, i) => box.extend(boxes[i]), L.latLngBounds([])),
    addView,
    dropViews,
    link,
    radius,
    go,
    goHome,
    open,
    shut,
    point,
    showLayer,
    showPart,
  };

  // ---- The map -----------------------------------------------------------------------------------------------

  const map = L.map(id, {
    zoomSnap: 0.25,
    zoomAnimation: animate,
    maxZoom: 14,
    attributionControl: false,
    trackResize: false, // see followSize
    scrollWheelZoom: wide.matches, // on a phone the page scrolls, not the map
  });
  const [west, south, east, north] = data.home;
  const extents = shapes.map((polygons) => L.latLngBounds(polygons.flat(2)));
  const boxes = data.boxes.map((box) => L.latLngBounds(box ? [[box[1], box[0]], [box[3], box[2]]] : []));
  app.home = L.latLngBounds([[south, west], [north, east]]);
  map.fitBounds(app.home, { padding: [8, 8] });
  const homeZoom = map.getZoom();

  // What is opened must not lie under the card, which covers the right of a wide map.
  function go(target, margin = 0) {
    if (!target.isValid()) return; // an area without polygon has a card and no place
    const card = wide.matches && !$("#card").hidden ? $("#card").offsetWidth + 16 : 0;
    const room = { paddingTopLeft: [16, 16], paddingBottomRight: [16 + card, 16] };
    map.fitBounds(target.pad(margin), Object.assign(room, { maxZoom: 11, animate }));
    showStage();
  }

  function goHome() {
    overview.show();
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
      const box = element("div", button("⌂", goHome), { class: "leaflet-bar home" });
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    toHome.addTo(map);
  }

  // ---- Layers ------------------------------------------------------------------------------------------------

  const around = ({ outline }) => (outline ? borders(outline, true) : []);

  function showLayer(next) {
    app.layer = next;
    const lines = around(next);
    for (const view of app.views) view.showLayer(next, lines);
    legend.show();
    table.render();
  }

  function addView(view) {
    app.views.push(view);
    view.showLayer(app.layer, around(app.layer));
    view.mark("chosen", app.selected);
  }

  function dropViews(views) {
    app.views = app.views.filter((view) => !views.includes(view));
  }

  /** Radius of a circle for a number; its surface is proportional, and all grow as the map comes nearer. */
  function radius(number) {
    const most = Math.min(32, 14 * 1.25 ** (map.getZoom() - homeZoom));
    return Math.max(1.5, most * Math.sqrt(number / app.layer.circles.largest));
  }

  // ---- The tip at the mouse ------------------------------------------------------------------------------------

  function tipOf(i) {
    const layer = app.layer;
    const rate = value("rate", i);
    const lines = [element("strong", name(i))];
    const shown = layer.circles ? layer.circles.column : null;
    if (shown) lines.push(element("span", `${words.alias(shown)}: ${words.brief(shown, i)}`));
    if (rate !== null) lines.push(element("span", `${words.alias("rate")}: ${words.number(rate, 1)}`));
    const kind = layer.classes[layer.of[i]];
    if (layer.circles ? kind.hatch : layer.id !== "rate" || rate === null) {
      lines.push(element("span", legend.className(kind)));
    }
    return lines;
  }

  function showTip(i, event) {
    const tip = $("#tip");
    tip.hidden = i === null || !event;
    if (tip.hidden) return;
    fill(tip, ...tipOf(i));
    const frame = $(".frame").getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    const above = y - tip.offsetHeight - 12;
    tip.style.left = `${Math.max(4, Math.min(x - tip.offsetWidth / 2, frame.width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${above > 4 ? above : y + 20}px`;
  }

  // Nothing is asked of the network until the box is ticked.
  function addBasemap() {
    const { url, credit } = data.basemap;
    if (!url) return;
    $("#basemap").hidden = false;
    const tiles = L.tileLayer(url, { maxZoom: 19 });
    $("#basemap input").addEventListener("change", (event) => {
      const on = event.target.checked;
      if (on) tiles.addTo(map);
      else tiles.remove();
      app.online = on;
      if (overview.shown()) overview.show();
      app.views[0].dim(on ? 0.7 : 1);
      $("#credit").hidden = !on;
      fill($("#credit"), credit);
    });
  }

  // ---- Areas -------------------------------------------------------------------------------------------------

  let opener = null;

  /** A link to an area, which is marked on the map while it is pointed at. */
  function link(i) {
    const made = button(name(i), () => open(i, { move: true }));
    for (const kind of ["mouseenter", "focus"]) made.addEventListener(kind, () => point(i));
    for (const kind of ["mouseleave", "blur"]) made.addEventListener(kind, () => point(null));
    return made;
  }

  let pointed = null;

  /** Mark area i on the map and in the table, with a tip if a mouse is there; null for none. */
  function point(i, event = null) {
    showTip(i, event);
    if (i === pointed) return;
    pointed = i;
    for (const view of app.views) view.mark("pointed", i);
    table.point(i);
  }

  function choose(i) {
    app.selected = i;
    point(null);
    for (const view of app.views) view.mark("chosen", i);
    card.show(i);
    table.choose(i);
  }

  /** Open the card of area i. The map goes there if `move` is set, or where the card would cover the click. */
  function open(i, { move = false, at = null } = {}) {
    if (app.selected === null) opener = document.activeElement;
    choose(i);
    const card = $("#card").getBoundingClientRect();
    const covered = at && wide.matches && at.clientX > card.left && at.clientY < card.bottom;
    if (move || covered) go(app.bounds([i]), 0.3);
    $("#card").focus({ preventScroll: true });
    showStage();
  }

  function shut() {
    choose(null);
    const back = opener && opener.isConnected && opener.matches("button, input, select, [role=grid]");
    (back ? opener : map.getContainer()).focus({ preventScroll: true });
  }

  function showPart(region) {
    if (region === null && $("#place").value.startsWith("region:")) $("#place").value = "home";
    table.showPart(region);
  }

  // ---- Language ----------------------------------------------------------------------------------------------

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
    fill($("#made"), text(data.basemap.url ? "page.credit_online" : "page.credit"));
    showSentences("#headline", data.headline[lang]);
    $(".parts a").hidden = $("#headline").hidden;
    showSentences("#about .where", data.sources[lang]);
    for (const [question, answers] of Object.entries(data.about[lang])) showSentences(`#about .${question}`, answers);
    for (const show of [legend.showChoices, overview.showNames, find.show, legend.show, table.show]) show();
    card.show(app.selected);
  }

  function showSentences(part, sentences = []) {
    $(part).hidden = !sentences.length;
    fill($(`${part} ul`), ...sentences.map((sentence) => element("li", sentence)));
  }

  function firstLanguage() {
    const spoken = data.follow ? navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()) : [];
    return spoken.find((lang) => lang in data.texts) || data.lang;
  }

  // ---- Start -------------------------------------------------------------------------------------------------

  function openCentre(event) {
    if (event.key !== "Enter" || event.target !== map.getContainer()) return;
    const frame = map.getContainer().getBoundingClientRect();
    const under = document.elementsFromPoint(frame.x + frame.width / 2, frame.y + frame.height / 2);
    const areas = app.views.flatMap((view) => [...view.paths]);
    const found = areas.find(([, path]) => under.includes(path.getElement()));
    if (found) open(found[0]);
  }

  // map.html#13101 opens that area.
  function openLinked() {
    const i = data.other.findIndex(([id]) => `#${encodeURIComponent(id)}` === window.location.hash);
    if (i >= 0) open(i, { move: true });
  }

  // The first view stays what it is when the window changes its size.
  function followSize() {
    if (document.documentElement.classList.contains("printing")) return;
    const home = overview.shown();
    map.invalidateSize({ pan: false });
    if (home) overview.show();
  }

  function listen() {
    map.on("zoomend", () => {
      for (const view of app.views) view.rescale();
      if (app.layer.circles) legend.showRows();
    });
    map.getContainer().addEventListener("keydown", openCentre);
    document.addEventListener("keydown", (event) => event.key === "Escape" && app.selected !== null && shut());
    $("#layers").addEventListener("change", (event) => {
      if (!event.target.matches("[name=layer], #layer")) return;
      showLayer(data.layers.find((one) => one.id === event.target.value));
      legend.showChoices();
      // On a narrow screen the choice stands below the map: bring back what it changes.
      if (!wide.matches) $(".stage").scrollIntoView({ block: "nearest" });
    });
    for (const one of $$("[data-lang]")) one.addEventListener("click", () => showLanguage(one.dataset.lang));
    new ResizeObserver(followSize).observe($(".frame"));
    window.addEventListener("hashchange", openLinked);
  }

  const legend = (app.legend = mapLegend(app));
  app.paint = legend.paint;
  words.lang = firstLanguage();
  addView(mapView(map, all, app, null));
  const card = mapCard(app);
  const table = mapTable(app);
  const find = mapFind(app);
  const overview = mapOverview(app, app.views[0]);
  document.documentElement.style.setProperty("--warn", data.lines.schematic);
  for (const css of ["#schematic", "#schematic-note"]) $(css).hidden = !data.schematic;
  if (data.report) $("#report").href = data.report;
  $("#report").hidden = !data.report;
  addControls();
  addBasemap();
  mapPrint(app, map, overview);
  showLanguage(words.lang);
  overview.show();
  listen();
  openLinked();
  return map;
}
