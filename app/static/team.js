"use strict";
// The supervisor's screen renews itself by server-sent events. Without this file there is the link «Ververs».

const board = document.querySelector("[data-events]");
const told = document.getElementById("live-stand");
const events = new EventSource(board.dataset.events);
events.addEventListener("message", ({ data }) => {
  const focused = document.activeElement;
  const link = board.contains(focused) ? focused.getAttribute("href") : null;
  board.innerHTML = data;
  if (link) board.querySelector(`[href="${CSS.escape(link)}"]`)?.focus();
  told.textContent = told.dataset.live;
});
events.addEventListener("open", () => { told.textContent = told.dataset.live; });
events.addEventListener("error", () => { if (events.readyState === EventSource.CLOSED) told.textContent = told.dataset.lost; });
addEventListener("pagehide", () => events.close());
