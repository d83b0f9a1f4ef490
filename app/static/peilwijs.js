"use strict";
// Everything works without this file. It adds: focus after a page change, a message when the line is down,
// exclusive answers, one grade at a time, and reading aloud with the browser's own voice.

const screenOf = () => document.getElementById("scherm");
const say = (text) => { document.getElementById("melding").textContent = text; };

function settle() {
  const target = screenOf().querySelector("[data-focus]");
  (target || screenOf()).focus({ preventScroll: !target });
  offerListening();
}

document.addEventListener("htmx:afterSettle", settle);
document.addEventListener("htmx:beforeRequest", () => { say(""); stopReading(); });
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
  if (target.name?.endsWith(".typed") && target.value) {
    for (const button of target.form.querySelectorAll(`input[type=radio][name="${CSS.escape(target.name.slice(0, -6))}"]`)) button.checked = false;
  }
  if (target.name?.endsWith(".other") && target.value) {
    const card = target.closest(".other").previousElementSibling?.querySelector("input");
    if (card && !card.checked) card.click();
    target.focus();
  }
});

// Reading aloud. The button appears only where the browser has a voice for the page's language.
const synthesis = window.speechSynthesis;
const voiceFor = (language) => synthesis?.getVoices().find((voice) => voice.lang.toLowerCase().startsWith(language));
let reading = null;

function offerListening() {
  const voice = voiceFor(document.documentElement.lang);
  for (const button of document.querySelectorAll("[data-listen]")) {
    button.hidden = !voice;
    if (voice) for (const card of button.closest("[data-question]").querySelectorAll(".card")) addSayButton(card, button);
  }
}

function addSayButton(card, listen) {
  if (card.parentElement.matches(".with-say")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "say";
  const text = card.querySelector("[data-speak]").textContent.trim();
  button.setAttribute("aria-label", `${listen.textContent.trim()}: ${text}`);
  button.append(listen.querySelector("svg").cloneNode(true));
  // beside the label, not in it: a label names one control only
  const pair = document.createElement("div");
  pair.className = "with-say";
  card.replaceWith(pair);
  pair.append(card, button);
}

function stopReading() {
  reading = null;
  synthesis?.cancel();
  for (const part of document.querySelectorAll(".being-read")) part.classList.remove("being-read");
  for (const button of document.querySelectorAll("[data-listen]")) button.setAttribute("aria-pressed", "false");
}

function read(parts, button) {
  stopReading();
  const turn = {};
  reading = turn;
  button?.setAttribute("aria-pressed", "true");
  const next = (index) => {
    if (reading !== turn) return;
    if (index >= parts.length) { stopReading(); return; }
    const utterance = new SpeechSynthesisUtterance(parts[index].textContent.trim());
    utterance.voice = voiceFor(document.documentElement.lang);
    utterance.lang = document.documentElement.lang;
    utterance.rate = 0.9;
    utterance.onstart = () => { if (reading === turn) parts[index].classList.add("being-read"); };
    utterance.onend = utterance.onerror = () => { parts[index].classList.remove("being-read"); next(index + 1); };
    synthesis.speak(utterance);
  };
  next(0);
}

document.addEventListener("click", (event) => {
  const one = event.target.closest(".say");
  if (one) { event.preventDefault(); read([one.parentElement.querySelector("[data-speak]")]); return; }
  const all = event.target.closest("[data-listen]");
  if (!all) return;
  if (all.getAttribute("aria-pressed") === "true") { stopReading(); return; }
  read([...all.closest("[data-question]").querySelectorAll("[data-speak]")].filter((part) => part.textContent.trim()), all);
});
synthesis?.addEventListener?.("voiceschanged", offerListening);
window.addEventListener("pagehide", stopReading);
document.addEventListener("DOMContentLoaded", () => {
  screenOf().querySelector("[data-focus]")?.focus();
  offerListening();
});
