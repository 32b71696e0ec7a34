/* The map in its place on the page: its size, what it shows, its buttons, and tiles under it. */

import { $, button, element, fill, targetOf } from "./dom.js";
import { circleRadius } from "./look.js";

export class Stage {
  /**
   * @param {string} id - of the element for the map
   * @param {L.LatLngBounds} home - what the first view shows
   */
  constructor(id, home) {
    this.wide = window.matchMedia("(min-width: 56rem)");
    this.animate = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = L.map(id, {
      zoomSnap: 0.25,
      zoomAnimation: this.animate,
      maxZoom: 14,
      attributionControl: false,
      trackResize: false, // the page follows the size of the frame
      scrollWheelZoom: this.wide.matches, // on a phone the page scrolls, not the map
    });
    this.map.fitBounds(home, { padding: [8, 8] });
    this.homeZoom = this.map.getZoom();
  }

  /**
   * Show a part of the map. What is opened must not lie under the card, which covers the right of a wide map.
   *
   * @param {L.LatLngBounds} target
   * @param {number} [margin]
   */
  go(target, margin = 0) {
    if (!target.isValid()) return; // an area without polygon has a card and no place
    const card = this.wide.matches && !$("#card").hidden ? $("#card").offsetWidth + 16 : 0;
    const room = { paddingTopLeft: L.point(16, 16), paddingBottomRight: L.point(16 + card, 16) };
    this.map.fitBounds(target.pad(margin), Object.assign(room, { maxZoom: 11, animate: this.animate }));
    this.show();
  }

  /** On a phone the map and the card below it may have been scrolled away. */
  show() {
    if (this.wide.matches) return;
    $(".stage").scrollIntoView({ block: "start", behavior: this.animate ? "smooth" : "auto" });
  }

  /** What is changed beside the map is seen on it: on a narrow screen it may be out of sight. */
  bringBack() {
    if (!this.wide.matches) $(".stage").scrollIntoView({ block: "nearest" });
  }

  /**
   * Whether the card covers where the mouse is.
   *
   * @param {MouseEvent} at
   */
  covered(at) {
    const card = $("#card").getBoundingClientRect();
    return this.wide.matches && at.clientX > card.left && at.clientY < card.bottom;
  }

  /**
   * Radius of a circle for a number, at the present scale of the map.
   *
   * @param {number} number
   * @param {number} largest - the number that the largest circle is for
   */
  radius(number, largest) {
    return circleRadius(number, largest, this.map.getZoom() - this.homeZoom);
  }

  /** What is drawn in the middle of the map, on top first. */
  inMiddle() {
    const frame = this.map.getContainer().getBoundingClientRect();
    return document.elementsFromPoint(frame.x + frame.width / 2, frame.y + frame.height / 2);
  }

  // ---- Controls ------------------------------------------------------------------------------------------------

  /** @param {() => void} goHome */
  addControls(goHome) {
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(this.map);
    const toHome = new L.Control({ position: "topleft" });
    toHome.onAdd = () => {
      const box = element("div", button("⌂", goHome), { class: "leaflet-bar home" });
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    toHome.addTo(this.map);
  }

  /**
   * Offer tiles to lie under the map. Nothing is asked of the network until the box is ticked.
   *
   * @param {PageData["basemap"]} basemap
   * @param {(on: boolean) => void} changed
   */
  addBasemap({ url, credit }, changed) {
    if (!url) return;
    $("#basemap").hidden = false;
    const tiles = L.tileLayer(url, { maxZoom: 19 });
    $("#basemap input").addEventListener("change", (event) => {
      /** @type {HTMLInputElement} */
      const { checked } = targetOf(event);
      if (checked) tiles.addTo(this.map);
      else tiles.remove();
      changed(checked);
      $("#credit").hidden = !checked;
      fill($("#credit"), credit);
    });
  }
}
