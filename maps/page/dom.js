/* Elements of the page. Names from tables are only ever put in as text, never as markup. */

/**
 * The first element that a selector finds; map.html has every one that is asked for.
 *
 * @template {Element} [E=HTMLElement]
 * @param {string} selector
 * @returns {E}
 */
export const $ = (selector) => /** @type {E} */ (document.querySelector(selector));

/**
 * All elements that a selector finds.
 *
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export const $$ = (selector) => [...document.querySelectorAll(selector)].map((one) => /** @type {HTMLElement} */ (one));

/**
 * The element that an event is about.
 *
 * @template {Element} [E=HTMLElement]
 * @param {Event} event
 * @returns {E}
 */
export const targetOf = (event) => /** @type {E} */ (event.target);

/**
 * Put parts into an element in place of what it holds.
 *
 * @param {Element} target
 * @param {...(string | Node)} parts
 */
export const fill = (target, ...parts) => target.replaceChildren(...parts);

/**
 * @param {Element} made
 * @param {Record<string, unknown>} attributes
 */
function setAttributes(made, attributes) {
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
}

/**
 * Make an element of HTML.
 *
 * @param {string} tag
 * @param {Content} [content]
 * @param {Record<string, unknown>} [attributes]
 */
export function element(tag, content = [], attributes = {}) {
  const made = document.createElement(tag);
  made.append(...(Array.isArray(content) ? content : [content]));
  setAttributes(made, attributes);
  return made;
}

/**
 * Make an element of SVG.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} attributes
 * @param {...Element} children
 */
export function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/**
 * Make a button.
 *
 * @param {Content} content
 * @param {() => void} action
 * @param {Record<string, unknown>} [attributes]
 */
export function button(content, action, attributes = {}) {
  const made = element("button", content, Object.assign({ type: "button" }, attributes));
  made.addEventListener("click", () => action());
  return made;
}
