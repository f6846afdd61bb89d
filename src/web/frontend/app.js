// Comforts for those who have JavaScript: the design system's own (character count, menu on a phone, no double clicks) and keys for the list of
// held mail. Nothing here decides or sends anything, and every page works without it.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// Keys of one letter (WCAG 2.1.4: they can be switched off, and stay so in this browser).
const storage_key = "beadle-keys";
const help = document.querySelector("[data-beadle-keys]");
const control = document.querySelector("[data-beadle-keys-switch]");

function keys_wanted() {
  try {
    return localStorage.getItem(storage_key) !== "off";
  } catch {
    return true; // storage is forbidden: on until the page is left
  }
}

let keys_on = keys_wanted();

function switch_keys() {
  keys_on = !keys_on;
  try {
    localStorage.setItem(storage_key, keys_on ? "on" : "off");
  } catch {
    // holds for this page then
  }
  show_switch();
}

function show_switch() {
  control.textContent = keys_on ? "Turn keyboard shortcuts off" : "Turn keyboard shortcuts on";
}

function is_typing(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

/** The link that opens each row, in order. */
function row_links() {
  return [...document.querySelectorAll("[data-beadle-rows] tbody tr")].map((row) => row.querySelector("a[href]")).filter(Boolean);
}

function move(step) {
  const links = row_links();
  if (links.length === 0) return;
  const row = document.activeElement.closest("tr");
  const here = links.findIndex((link) => link.closest("tr") === row);
  const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + step, 0), links.length - 1);
  links[next].focus();
}

function on_key(event) {
  if (!keys_on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || is_typing(event.target)) return;
  const search = document.querySelector("[data-beadle-search]");
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/" && search) search.focus();
  else return; // Enter opens the link that has the focus by itself
  event.preventDefault();
}

if (help && control) {
  help.hidden = false;
  show_switch();
  control.addEventListener("click", switch_keys);
  document.addEventListener("keydown", on_key);
}
