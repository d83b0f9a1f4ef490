"use strict";
// The agent's screen by keyboard: digits choose, Enter goes on, Esc breaks off, letters as the hints say. Also the
// heartbeat that holds the case, notes that keep themselves, and dialling. Without this file every button still works.

document.documentElement.classList.add("has-keys");
let isBusy = false; // between a key that leaves the page and the next page, keys mean nothing
const asked = (selector) => document.querySelector(selector);

function press(target) {
  if (!target) return false;
  if (target.matches("textarea")) target.focus();
  else if (target.matches("[type=radio]")) choose(target);
  else target.click();
  return true;
}

function choose(input) {
  input.focus();
  if (input.type === "checkbox") input.click();
  else if (!input.checked) { input.checked = true; input.dispatchEvent(new Event("change", { bubbles: true })); }
  const other = input.closest(".card")?.nextElementSibling;
  if (input.checked && other?.matches(".other")) other.querySelector("input").focus();
}

function chooseByDigit(digit) {
  const choices = document.querySelectorAll("[data-asks] .question :is([type=radio], [type=checkbox])");
  const input = choices[digit === "0" ? 9 : Number(digit) - 1];
  if (input) choose(input);
  return Boolean(input);
}

// a grade with a comma: 7 and then the comma goes on in the field beside the buttons
function typeComma() {
  const typed = asked("[data-asks] .grade-typed input");
  if (!typed) return false;
  typed.value = `${asked("[data-asks] .grade-button input:checked")?.value || ""},`;
  typed.dispatchEvent(new Event("input", { bubbles: true }));
  typed.focus();
  return true;
}

function handle(event) {
  const { key, target } = event;
  const isTyping = target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  if (key === "Escape") return press(asked("[data-key=Escape]"));
  if (key === "Enter") {
    if (target.matches("a, button, summary, select") || (target.matches("textarea") && event.shiftKey)) return false;
    if (target.id === "notitie") { target.blur(); jot(target.form); return true; }
    return press(asked("[data-key=Enter]"));
  }
  if (isTyping && !event.altKey && !(target.matches(".number-input") && /^[a-z]$/i.test(key))) return false;
  if (/^[0-9]$/.test(key)) return chooseByDigit(key);
  if (key === ",") return typeComma();
  return key.length === 1 && press(asked(`[data-key="${CSS.escape(key.toLowerCase())}"]`));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (isBusy ? event.key !== "Tab" : handle(event)) event.preventDefault();
});
document.addEventListener("submit", () => { isBusy = true; });
addEventListener("pageshow", () => { isBusy = false; });
for (const end of ["htmx:afterSettle", "htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(end, () => { isBusy = false; });

// Focus: a question without choices is typed at once
function ready() {
  const field = asked("[data-asks] .question :is(textarea, .number-input)");
  if (field && !asked("[data-asks] .question :is([type=radio], [type=checkbox])")) field.focus();
  asked("[data-outcomes] #fouten")?.focus();
  beside();
}
document.addEventListener("htmx:afterSettle", ready);

// The outcome brings its own field, and the agenda fills in the moment
function beside() {
  const day = asked("#dag"), time = asked("#tijd");
  for (const slot of document.querySelectorAll("[data-day]")) {
    slot.setAttribute("aria-pressed", String(slot.dataset.day === day.value && slot.dataset.time === time.value));
  }
}
document.addEventListener("change", ({ target }) => {
  const first = { note: "#bij", moment: "#dag", language: "#spreekt" }[target.dataset.needs];
  if (first) asked(first).focus();
  if (target.matches("#dag, #tijd")) beside();
});
document.addEventListener("click", ({ target }) => {
  if (!target.matches("[data-day]")) return;
  asked("#dag").value = target.dataset.day;
  asked("#tijd").value = target.dataset.time;
  beside();
});

// Notes keep themselves
let jotting = 0;
async function jot(form) {
  clearTimeout(jotting);
  const fields = new URLSearchParams(new FormData(form));
  const kept = await fetch(form.action, { method: "POST", body: fields, headers: { "x-peilwijs-token": fields.get("token") } }).catch(() => null);
  form.classList.toggle("is-kept", Boolean(kept && kept.status === 204));
}
document.addEventListener("input", ({ target }) => {
  if (target.id !== "notitie") return;
  target.form.classList.remove("is-kept");
  clearTimeout(jotting);
  jotting = setTimeout(() => jot(target.form), 800);
});

// The heartbeat
const HEARTBEAT_MS = 30000;
async function beat() {
  const strip = asked("#stand");
  if (!strip) return;
  const headers = { "x-peilwijs-token": strip.dataset.token };
  const answer = await fetch(strip.dataset.here, { method: "POST", headers }).catch(() => null);
  if (!answer) return;
  if (answer.status === 404) location.assign("/kantoor/bellen?melding=kwijt");
  else if (answer.ok && asked("#stand") === strip) strip.outerHTML = await answer.text();
}
setInterval(beat, HEARTBEAT_MS);

document.addEventListener("DOMContentLoaded", () => {
  ready();
  if (!new URLSearchParams(location.search).has("bel")) return;
  history.replaceState(null, "", location.pathname); // going back does not dial again
  asked("[data-dial]")?.click();
});
