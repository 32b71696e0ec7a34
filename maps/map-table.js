/* The table of areas, beside the map and linked with it: pointing at a row marks its area and the reverse, a click
   or Enter opens the card. Only the rows in sight are drawn, so that thousands of areas are as light as a few. */

function mapTable(app) {
  "use strict";
  const { data, words } = app;
  const { text, name, number, value } = words;
  const [box, grid, head, body] = [".rows", ".rows table", ".rows thead", ".rows tbody"].map((css) => $(`#table ${css}`));
  const MARGIN = 8; // rows drawn above and below those in sight
  let order = []; // areas in the order of their rows
  let sorted = { key: "rate", falling: true };
  let part = null; // the region that the table is limited to
  let active = null; // the area that the arrow keys are on
  let pointed = null;
  let height = 34; // of a row; measured when there is one

  // A column: how it is written, and by what it is sorted; areas without a value come last either way.
  const columns = [
    { key: "rank", of: (i) => value("rank", i), write: (i) => (value("rank", i) === null ? "" : number(value("rank", i))) },
    { key: "area_name", of: name, write: name },
    { key: "rate", of: (i) => words.known("rate", i).exact, then: (i) => words.known("rate", i).high, write: (i) => words.brief("rate", i) },
    { key: "releases", of: (i) => words.known("count", i).exact, then: (i) => words.known("count", i).high, write: (i) => words.brief("count", i) },
    { key: "population", of: (i) => value("population", i), write: (i) => (value("population", i) === null ? "—" : number(value("population", i))) },
  ].filter((one) => data.columns[one.key]);

  // ---- Order ---------------------------------------------------------------------------------------------------

  function compare(a, b) {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    const way = sorted.falling ? -1 : 1;
    return way * (typeof a === "string" ? a.localeCompare(b, words.lang) : a - b);
  }

  function sort() {
    const column = columns.find((one) => one.key === sorted.key);
    const keys = new Map(app.inRegion(part).map((i) => [i, [column.of(i), column.then ? column.then(i) : null]]));
    order = words.byName(keys.keys()).sort((a, b) => {
      const [[first, next], [other, after]] = [keys.get(a), keys.get(b)];
      return compare(first, other) || (first === null ? compare(next, after) : 0);
    });
  }

  function sortBy(key) {
    const falling = sorted.key === key ? !sorted.falling : !["area_name", "rank"].includes(key);
    sorted = { key, falling };
    box.scrollTop = 0;
    show();
    head.querySelector(`[data-key="${key}"]`).focus();
  }

  // ---- Rows ----------------------------------------------------------------------------------------------------

  function cell(column, i) {
    const said = column.write(i);
    if (column.key !== "area_name") return element("td", said, { class: column.key });
    const look = app.legend.swatch(app.layer, app.layer.of[i], 14, 14);
    return element("th", [look, said], { class: column.key, scope: "row", title: said });
  }

  function row(i, k) {
    const state = { "aria-selected": i === app.selected, "aria-rowindex": k + 2, "data-area": i, id: `row-${i}` };
    const made = element("tr", columns.map((column) => cell(column, i)), state);
    if (i === active) made.classList.add("active");
    if (i === pointed) made.classList.add("pointed");
    return made;
  }

  // What stands in place of the rows that are not drawn.
  function gap(rows) {
    const made = element("tr", element("td"), { class: "gap", "aria-hidden": "true" });
    made.style.height = `${rows * height}px`;
    return made;
  }

  function render() {
    const first = Math.max(0, Math.floor(box.scrollTop / height) - MARGIN);
    const last = Math.min(order.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + MARGIN);
    const rows = order.slice(first, last).map((i, k) => row(i, first + k));
    fill(body, gap(first), ...rows, gap(order.length - last));
    if (rows.length) height = rows[0].getBoundingClientRect().height || height;
  }

  function showHead() {
    const heading = ({ key }) => {
      const here = key === sorted.key;
      const arrow = element("span", here ? (sorted.falling ? "▼" : "▲") : "", { "aria-hidden": "true" });
      const press = button([text(`table.${key}`), arrow], () => sortBy(key), { "data-key": key });
      const way = here ? (sorted.falling ? "descending" : "ascending") : "none";
      return element("th", press, { scope: "col", class: key, "aria-sort": way });
    };
    fill(head, element("tr", columns.map(heading), { "aria-rowindex": 1 }));
    grid.setAttribute("aria-rowcount", order.length + 1);
    $("#part").hidden = part === null;
    const many = { region: part, k: number(order.length), n: number(data.shapes.length) };
    if (part !== null) fill($("#part span"), text("table.part", many));
  }

  function show() {
    sort();
    showHead();
    render();
    reach(active);
  }

  // ---- Links with the map --------------------------------------------------------------------------------------

  function reveal(i) {
    const k = order.indexOf(i);
    if (k < 0) return;
    const room = box.clientHeight - head.offsetHeight;
    const over = (k + 1) * height - room;
    if (k * height < box.scrollTop) box.scrollTop = k * height;
    else if (over > box.scrollTop) box.scrollTop = over;
    render();
  }

  // Tells readers of the screen which row the keys are on, if it is drawn.
  function reach(i) {
    active = order.includes(i) ? i : null;
    if (active === null) grid.removeAttribute("aria-activedescendant");
    else grid.setAttribute("aria-activedescendant", `row-${active}`);
  }

  function goTo(i) {
    reach(i);
    reveal(i);
    app.point(i);
  }

  /** Show that area i is chosen; null for none. */
  function choose(i) {
    reach(i);
    if (i === null || !order.includes(i)) render();
    else reveal(i);
  }

  /** Show that area i is pointed at; null for none. */
  function point(i) {
    pointed = i;
    for (const one of body.rows) one.classList.toggle("pointed", Number(one.dataset.area) === i);
  }

  const areaAt = (event) => {
    const found = event.target.closest("tr[data-area]");
    return found ? Number(found.dataset.area) : null;
  };

  function press(event) {
    if (event.target !== grid || !order.length) return;
    const page = Math.max(1, Math.floor(box.clientHeight / height) - 1);
    const here = order.indexOf(active);
    const to = {
      ArrowDown: here + 1,
      ArrowUp: Math.max(0, here - 1),
      PageDown: here + page,
      PageUp: here - page,
      Home: 0,
      End: order.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      goTo(order[Math.min(order.length - 1, Math.max(0, to))]);
    } else if (["Enter", " "].includes(event.key) && active !== null) {
      event.preventDefault();
      app.open(active, { move: true });
    }
  }

  /** Limit the table to a region; null for none. */
  function showPart(region) {
    part = region;
    box.scrollTop = 0;
    show();
  }

  box.addEventListener("scroll", render, { passive: true });
  body.addEventListener("mouseover", (event) => app.point(areaAt(event)));
  body.addEventListener("mouseleave", () => app.point(null));
  body.addEventListener("click", (event) => {
    const i = areaAt(event);
    if (i !== null) app.open(i, { move: true });
  });
  grid.addEventListener("keydown", press);
  grid.addEventListener("focus", () => active !== null && app.point(active));
  grid.addEventListener("blur", () => app.point(null));
  $("#part button").addEventListener("click", () => app.showPart(null));
  new ResizeObserver(render).observe(box);
  return { show, render, choose, point, showPart };
}
