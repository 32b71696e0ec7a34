/* Print: for its time the page takes the shape of a sheet of paper, and the map shows what it showed. */

function mapPrint(app, map, overview) {
  "use strict";
  const root = document.documentElement;
  let before = null;

  function arrange() {
    const picked = app.selected !== null && app.shapes[app.selected].length > 0;
    const seen = picked ? app.bounds([app.selected]).pad(1) : map.getBounds();
    before = { home: overview.shown(), centre: map.getCenter(), zoom: map.getZoom() };
    root.classList.add("printing");
    fitPage();
    map.invalidateSize({ pan: false });
    if (before.home && !picked) overview.show();
    else map.fitBounds(seen, { animate: false });
  }

  // Smaller print where texts are long; if that is not enough, without what holds for every map.
  function fitPage() {
    const page = $(".page");
    const full = () => page.scrollHeight > page.clientHeight;
    root.classList.remove("crammed");
    for (const size of [9.5, 9, 8.5, 8, 7.5, 7]) {
      root.style.setProperty("--print", `${size}pt`);
      if (!full()) return;
    }
    root.classList.add("crammed");
    if (full()) root.style.setProperty("--print", "6pt");
  }

  function restore() {
    root.classList.remove("printing");
    map.invalidateSize({ pan: false });
    if (before.home) overview.show();
    else map.setView(before.centre, before.zoom, { animate: false });
  }

  $("#print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", arrange);
  window.addEventListener("afterprint", restore);
}
