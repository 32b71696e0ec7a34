/* Finding an area by its name, other spellings in use or its code; and zooming to a region or a distant island. */

function mapFind(app) {
  "use strict";
  const { data, words } = app;
  const { text, name, number, value } = words;
  const [input, list] = [$("#name"), $("#options")];
  let options = [];
  let at = -1; // which option the arrow keys are on

  // Accents, case and punctuation are left out of both sides; spaces too where a whole name or its beginning is meant.
  const pressed = (s) => s.replace(/ /g, "");
  const names = data.columns.area_name.map((one) => [words.fold(one || "")]);
  const others = data.other.map((spellings) => spellings.map(words.fold));
  const which = (called, test) => words.byName(called.map((_, i) => i).filter((i) => called[i].some(test)));

  /** Areas called so first, then those whose name or a word of it begins so, then those that have it anywhere; each
      time an area's own name comes before its other spellings. */
  function matches(wanted) {
    const ways = [
      (one) => pressed(one) === pressed(wanted),
      (one) => pressed(one).startsWith(pressed(wanted)),
      (one) => one.includes(` ${wanted}`),
      (one) => one.includes(wanted),
    ];
    const found = ways.map((way) => [...which(names, way), ...which(others, way)]);
    return { exact: [...new Set(found[0])], all: [...new Set(found.flat())] };
  }

  function offer(found) {
    options = found;
    at = -1;
    showOptions();
  }

  function showOptions() {
    const option = (i, k) => {
      const region = value("region", i);
      const parts = region === null ? [name(i)] : [name(i), " ", element("small", region)];
      const made = element("li", parts, { id: `option-${k}`, role: "option", "aria-selected": k === at });
      made.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
      made.addEventListener("click", () => choose(i));
      return made;
    };
    fill(list, ...options.map(option));
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(options.length > 0));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", `option-${at}`);
    return list.children[at].scrollIntoView({ block: "nearest" });
  }

  function choose(i) {
    offer([]);
    input.value = name(i);
    app.open(i, { move: true });
  }

  function suggest() {
    const wanted = words.fold(input.value);
    fill($("#found"));
    offer(wanted ? matches(wanted).all.slice(0, 8) : []);
  }

  function search() {
    const wanted = words.fold(input.value);
    if (at >= 0) return choose(options[at]);
    fill($("#found"));
    if (!wanted) return offer([]);
    const { exact, all } = matches(wanted);
    const sure = exact.length ? exact : all;
    if (sure.length === 1) return choose(sure[0]);
    fill($("#found"), text(all.length ? "find.several" : "find.none", { n: number(all.length) }));
    return offer(all.slice(0, 60));
  }

  function move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && options.length) {
      event.stopPropagation(); // closes the list, not the card
      offer([]);
    } else if (step && options.length) {
      event.preventDefault();
      at = (at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length;
      showOptions();
    }
  }

  // ---- Regions and distant islands ---------------------------------------------------------------------------

  // From north to south in a tall country, as its people list its regions; else by name.
  function sortedRegions() {
    const [west, south, east, north] = data.home;
    const tall = north - south > 2 * (east - west);
    const top = (region) => {
      const box = app.bounds(app.inRegion(region));
      return box.isValid() ? box.getNorth() : -90;
    };
    return [...app.regions].sort((a, b) => (tall ? top(b) - top(a) : a.localeCompare(b, words.lang)));
  }

  function show() {
    const option = (place, content) => element("option", content, { value: place });
    const group = (key, entries) => element("optgroup", entries, { label: text(key) });
    const places = [option("home", text("find.home"))];
    const regions = app.regions.length > 1 ? sortedRegions() : [];
    const far = words.byName(data.far).map((i) => option(`area:${i}`, name(i)));
    if (regions.length) places.push(group("find.regions", regions.map((one) => option(`region:${one}`, one))));
    if (far.length) places.push(group("find.far", far));
    const chosen = $("#place").value;
    fill($("#place"), ...places);
    $("#place").value = chosen || "home";
    fill($("#found"));
    offer([]);
  }

  function zoomTo(place) {
    const [kind, one] = [place.split(":")[0], place.slice(place.indexOf(":") + 1)];
    if (kind === "area") return app.go(app.bounds([Number(one)]), 0.3);
    app.showPart(kind === "region" ? one : null);
    if (kind === "home") return app.goHome();
    const near = app.inRegion(one).filter((i) => !data.far.includes(i));
    return app.go(app.bounds(near.length ? near : app.inRegion(one)));
  }

  input.addEventListener("input", suggest);
  input.addEventListener("keydown", move);
  input.addEventListener("blur", () => offer([]));
  $("#find").addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  $("#place").addEventListener("change", (event) => zoomTo(event.target.value));
  return { show };
}
