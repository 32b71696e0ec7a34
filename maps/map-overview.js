/* The first view. A tall country is cut into strips side by side, which show it larger; areas that are too small or
   too far away for that have insets. All of it gives way to the map as soon as the reader moves that. */

function mapOverview(app, main) {
  "use strict";
  const { data, shapes, words } = app;
  const [frame, strips, insets] = [$(".frame"), $("#strips"), $("#insets")];
  const GAP = 8; // pixels between strips
  const [LEFT, RIGHT] = [46, 10]; // beside them: the buttons of the map stand on the left
  const MOST = 4;
  const WORTH = 1.2; // one strip more must make the country this much larger
  const FAR = 3; // distant territories that have an inset
  let drawn = []; // views of the strips
  let size = ""; // of the frame they were drawn for
  let shown = false;
  const framed = []; // insets: their headings, what stands in these, and the part that each shows

  // ---- A still drawing of a part -------------------------------------------------------------------------------

  const off = ["zoomControl", "attributionControl", "keyboard", "dragging", "scrollWheelZoom", "doubleClickZoom"];
  const STILL = Object.fromEntries([...off, "touchZoom", "boxZoom", "trackResize"].map((option) => [option, false]));

  function addView(box, show) {
    const map = show(L.map(box, { zoomSnap: 0, ...STILL }));
    const seen = map.getBounds().pad(0.3); // on paper its shape is another
    const members = shapes.map((_, i) => i).filter((i) => shapes[i].length && seen.intersects(app.extent(i)));
    const view = mapView(map, members, app, seen);
    app.addView(view);
    for (const [kind, closer] of [["wheel", 0.5], ["dblclick", 1]]) {
      box.addEventListener(kind, (event) => enter(view, event, closer), { passive: false });
    }
    return view;
  }

  // The map takes over where the reader is, a little closer.
  function enter(view, event, closer) {
    if (event.type === "wheel" && (!main.map.scrollWheelZoom.enabled() || event.deltaY > 0)) return;
    event.preventDefault();
    const zoom = Math.round(4 * (view.map.getZoom() + closer)) / 4;
    const aside = main.map.mouseEventToContainerPoint(event).subtract(main.map.getSize().divideBy(2));
    const at = main.map.project(view.map.mouseEventToLatLng(event), zoom);
    main.map.setView(main.map.unproject(at.subtract(aside), zoom), zoom, { animate: false });
  }

  // ---- Strips --------------------------------------------------------------------------------------------------

  // Vertices of the first view in pixels at zoom 0.
  const { x: left, y: top } = main.map.project(app.home.getNorthWest(), 0);
  const { x: right, y: bottom } = main.map.project(app.home.getSouthEast(), 0);
  const points = shapes
    .flat(3)
    .map((point) => main.map.project(point, 0))
    .filter(({ x, y }) => x >= left - 1e-6 && x <= right + 1e-6 && y >= top - 1e-6 && y <= bottom + 1e-6);

  // From where to where each area reaches, for cutting through few of them.
  const spans = shapes.map((_, i) => app.bounds([i])).filter((box) => box.isValid());
  const reach = spans.map((box) => [box.getNorthWest(), box.getSouthEast()].map((at) => main.map.project(at, 0).y));

  // Where to cut: within a twentieth of the country's height of an even share, through as few areas as possible.
  function cut(even) {
    const step = (bottom - top) / 400;
    const tries = Array.from({ length: 41 }, (_, k) => even + Math.ceil(k / 2) * (k % 2 ? step : -step));
    const through = (y) => reach.filter(([north, south]) => north < y && y < south).length;
    return tries.map((y) => [through(y), y]).reduce((best, one) => (one[0] < best[0] ? one : best))[1];
  }

  function bands(n) {
    const cuts = Array.from({ length: n - 1 }, (_, k) => cut(top + ((k + 1) * (bottom - top)) / n));
    const edges = [top, ...cuts, bottom];
    const found = cuts.concat(bottom).map((edge, k) => ({ west: Infinity, east: -Infinity, top: edges[k], bottom: edge }));
    for (const { x, y } of points) {
      const band = found.find((one) => y <= one.bottom) || found[n - 1];
      band.west = Math.min(band.west, x);
      band.east = Math.max(band.east, x);
    }
    return found.filter((band) => band.west < band.east);
  }

  // As many strips as show the country largest; the scale is in pixels to a pixel at zoom 0.
  function plan() {
    const [width, height] = [frame.clientWidth - LEFT - RIGHT, frame.clientHeight - 16];
    const below = insets.offsetHeight ? insets.offsetHeight + 18 : 0;
    let best = null;
    // Only the map itself has tiles under it.
    for (let n = 1; n <= (app.online ? 1 : MOST); n += 1) {
      const parts = bands(n);
      const across = parts.reduce((sum, band) => sum + band.east - band.west, 0);
      const room = n === 1 ? height : height - below;
      const tallest = Math.max(...parts.map((band) => band.bottom - band.top));
      const scale = Math.min(room / tallest, (width - GAP * (n - 1)) / across);
      if (!best || scale > WORTH * best.scale) best = { parts, scale };
    }
    return best;
  }

  function drawStrips() {
    app.dropViews(drawn);
    for (const view of drawn) view.map.remove();
    drawn = [];
    fill(strips);
    const { parts, scale } = plan();
    if (parts.length < 2) return;
    for (const band of parts) {
      const box = element("div");
      box.style.width = `${Math.ceil((band.east - band.west) * scale) + 4}px`;
      box.style.height = `${Math.ceil((band.bottom - band.top) * scale)}px`;
      strips.append(box);
      const centre = L.point((band.west + band.east) / 2, (band.top + band.bottom) / 2);
      drawn.push(addView(box, (map) => map.setView(map.unproject(centre, 0), Math.log2(scale))));
    }
    L.control.scale({ imperial: false, maxWidth: 70, position: "bottomright" }).addTo(drawn[0].map);
  }

  // ---- Insets --------------------------------------------------------------------------------------------------

  // The six tenths of a region's areas that stand nearest to its middle.
  function core(members) {
    const centres = members.map((i) => app.bounds([i]).getCenter());
    const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
    const middle = [median(centres.map((c) => c.lat)), median(centres.map((c) => c.lng))];
    const far = (k) => main.map.distance(centres[k], middle);
    const near = members.map((_, k) => k).sort((a, b) => far(a) - far(b));
    return near.slice(0, Math.ceil(members.length * 0.6)).map((k) => members[k]);
  }

  // The region whose core has the fewest pixels to an area; none if every core has enough.
  function crowded(zoom) {
    const cores = app.regions.map((region) => {
      const members = core(app.inRegion(region).filter((i) => shapes[i].length));
      if (members.length < 6) return { room: Infinity };
      const box = app.bounds(members);
      const [a, b] = [box.getNorthWest(), box.getSouthEast()].map((corner) => main.map.project(corner, zoom));
      return { region, box, room: ((b.x - a.x) * (b.y - a.y)) / members.length };
    });
    return cores.filter((one) => one.room < 150).sort((a, b) => a.room - b.room)[0];
  }

  function addInset(target, naming, kind) {
    const box = element("div");
    const heading = element("p");
    insets.append(element("div", [heading, box], { class: `inset ${kind}` }));
    const { map } = addView(box, (made) => made.fitBounds(target));
    framed.push({ heading, naming, map, target });
  }

  // Paper has smaller ones.
  const paper = () => document.documentElement.classList.contains("printing");
  const roomy = () => frame.clientHeight >= 560 && (frame.clientWidth >= 480 || paper());

  function addInsets() {
    if (!roomy() || framed.length) return;
    const found = crowded(Math.log2(plan().scale));
    if (found) addInset(found.box, () => words.text("find.inset", { region: found.region }), "core");
    const far = data.far.filter((i) => shapes[i].length).slice(0, found ? FAR - 1 : FAR);
    for (const i of far) addInset(app.bounds([i]).pad(0.1), () => words.name(i), "far");
    showNames();
  }

  function showNames() {
    for (const { heading, naming } of framed) fill(heading, naming());
  }

  function refitInsets() {
    if (insets.hidden) return;
    for (const { map, target } of framed) map.invalidateSize({ pan: false }).fitBounds(target, { animate: false });
  }

  // ---- Coming and going ----------------------------------------------------------------------------------------

  function fit(below) {
    const room = { paddingTopLeft: [8, 8], paddingBottomRight: [8, 8 + below] };
    main.map.fitBounds(app.home, Object.assign(room, { animate: false }));
  }

  function reveal() {
    addInsets();
    insets.hidden = !roomy();
    strips.hidden = false;
    const now = `${frame.clientWidth} × ${frame.clientHeight} ${app.online}`;
    if (now !== size) {
      refitInsets();
      drawStrips();
    }
    size = now;
    shown = true;
    strips.hidden = !drawn.length;
    frame.classList.toggle("cut", drawn.length > 0);
  }

  // Whether areas lie where the insets would stand: at the left or the right of the bottom.
  function covered(side) {
    const zoom = main.map.getZoom();
    const origin = main.map.project(main.map.containerPointToLatLng([0, 0]), zoom);
    const [from, to] = side === "left" ? [0, insets.offsetWidth + 16] : [frame.clientWidth - insets.offsetWidth - 16, Infinity];
    const high = frame.clientHeight - insets.offsetHeight - 46;
    return points.some((point) => {
      const [x, y] = [point.x * 2 ** zoom - origin.x, point.y * 2 ** zoom - origin.y];
      return x > from && x < to && y > high;
    });
  }

  /** Go back to the first view. */
  function show() {
    fit(0);
    reveal();
    if (drawn.length || !insets.offsetHeight) return;
    const free = ["left", "right"].find((side) => !covered(side));
    insets.classList.toggle("right", free === "right");
    if (free) return;
    fit(insets.offsetHeight + 46);
    reveal();
  }

  function hide() {
    shown = false;
    strips.hidden = insets.hidden = true;
    frame.classList.remove("cut");
  }

  main.map.on("movestart", hide);
  return { show, hide, shown: () => shown, showNames };
}
