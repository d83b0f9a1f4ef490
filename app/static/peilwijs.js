"use strict";
// Everything works without this file. It adds: focus after a page change, a message when the line is down,
// exclusive answers and one grade at a time. Reading aloud is in player.js.

const screenOf = () => document.getElementById("scherm");
const say = (text) => { document.getElementById("melding").textContent = text; };

function settle({ detail }) {
  if (detail.target.id !== "scherm") return;  // a part that refreshes itself leaves the reader where they are
  // another tab chose another language: the bar and the letters of this page are those of before
  const language = screenOf().lang;
  if (detail.xhr.status < 400 && language !== document.documentElement.lang) { location.reload(); return; }
  const target = screenOf().querySelector("[data-focus]");
  (target || screenOf()).focus({ preventScroll: !target });
}

document.addEventListener("htmx:afterSettle", settle);
document.addEventListener("htmx:beforeRequest", () => {
  say("");
  for (const menu of document.querySelectorAll(".language-menu[open]")) menu.open = false;
});
// choosing a language and asking for help load a whole page, so htmx must not hear of it
document.addEventListener("submit", (event) => { if (event.submitter && event.submitter.closest(".bar, .languages")) event.stopPropagation(); }, true);
// an open menu lies over the page: it closes when somebody goes on, by finger or by keyboard
for (const move of ["click", "focusin"]) {
  document.addEventListener(move, ({ target }) => {
    for (const menu of document.querySelectorAll(".language-menu[open]")) if (!menu.contains(target)) menu.open = false;
  });
}
document.addEventListener("htmx:sendError", () => say(document.getElementById("melding").dataset.offline));
document.addEventListener("htmx:timeout", () => say(document.getElementById("melding").dataset.offline));
document.addEventListener("htmx:responseError", () => say(document.getElementById("melding").dataset.busy));

document.addEventListener("change", ({ target }) => {
  if (target.type === "checkbox" && target.checked) {
    const group = [...target.form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(target.name)}"]`)];
    const alone = "exclusive" in target.dataset;
    for (const box of group) if (box !== target && (alone || "exclusive" in box.dataset)) box.checked = false;
  }
  if (target.matches(".grade-button input")) {
    const typed = target.form.elements[`${target.name}.typed`];
    if (typed) typed.value = "";
  }
});
document.addEventListener("input", ({ target }) => {
  const name = target.name || "";
  if (name.endsWith(".typed") && target.value) {
    for (const button of target.form.querySelectorAll(`input[type=radio][name="${CSS.escape(name.slice(0, -6))}"]`)) button.checked = false;
  }
  if (name.endsWith(".other") && target.value) {
    let before = target.closest(".other").previousElementSibling;
    if (before && before.matches("audio")) before = before.previousElementSibling;
    const choice = before && before.querySelector("input");
    if (choice && !choice.checked) choice.click();
    target.focus();
  }
});
document.addEventListener("DOMContentLoaded", () => {
  const target = screenOf().querySelector("[data-focus]");
  if (target) target.focus();
});
