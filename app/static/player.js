"use strict";
// Reads a screen of an easy page aloud: our own clips and the browser's own voice, one text after the other.
// A clip that a machine drafted gives way to the browser's voice; a clip that fails does too. Nothing sounds before a tap.
(() => {
  const model = document.getElementById("speler");
  if (!model || !model.content) return;
  const PATIENCE = 4000; // milliseconds without sound before something else is tried
  const synthesis = window.SpeechSynthesisUtterance && window.speechSynthesis;
  const sound = document.createElement("audio"); // one for all: phones let an element play on that was tapped for once
  const broken = new Set(); // addresses of clips that failed
  let voiceFails = false;
  let clipsFail = false;
  let turn = null; // what is being read: {parts, at, button, isPaused, isClip, attempt, timer}
  let arrived = null; // the screen that was last come to: htmx tells of one more than once
  let waits = false; // "always" is on, but no voice has come yet
  document.documentElement.classList.add("plays");

  // What is remembered: two switches, until the tab closes.
  const recalls = (name) => { try { return sessionStorage.getItem(name) === "1"; } catch (error) { return Boolean(recalls[name]); } };
  const remember = (name, on) => { recalls[name] = on; try { sessionStorage.setItem(name, on ? "1" : "0"); } catch (error) { /* for this page only */ } };

  // The texts of a screen, and what can say them.
  const screenOf = () => document.getElementById("scherm");
  const languageOf = (part) => part.closest("[lang]").lang.toLowerCase();
  const isShown = (part) => part.getClientRects().length > 0;
  const textsOf = (place) => [...place.querySelectorAll("[data-speak]")].filter((part) => isShown(part) && wordsOf(part));

  function wordsOf(part) {
    const copy = part.cloneNode(true);
    for (const other of copy.querySelectorAll("a, button, audio, svg, [lang]")) other.remove();
    return copy.textContent.replace(/[\u2066-\u2069]/g, "").replace(/\s+/g, " ").trim(); // without marks of direction
  }

  function voiceFor(part) {
    if (!synthesis || voiceFails) return null;
    const wanted = languageOf(part).split("-")[0];
    // a voice of a service elsewhere would be told what somebody answered
    return synthesis.getVoices().find((voice) => voice.localService !== false && voice.lang.toLowerCase().split(/[-_]/)[0] === wanted);
  }

  function clipFor(part) {
    const named = part.id ? part : part.querySelector("[id]"); // a line with several texts has the name inside
    const own = named && document.querySelector(`audio[aria-labelledby~="${named.id}"]`);
    if (!own) return null;
    const isDraft = "draft" in own.dataset;
    const address = own.getAttribute("src");
    const ids = own.getAttribute("aria-labelledby").split(" ");
    if (ids.length === 1) return { address, isDraft, own };
    // one control for several texts: take out the files of this one
    const nFiles = own.dataset.parts ? own.dataset.parts.split(" ").map(Number) : ids.map(() => 1);
    const nth = ids.indexOf(named.id);
    const first = nFiles.slice(0, nth).reduce((sum, n) => sum + n, 0);
    const [, folder, files] = address.match(/^(.*\/)([^/]*)\.mp3$/);
    return { address: `${folder}${files.split("+").slice(first, first + nFiles[nth]).join("+")}.mp3`, isDraft };
  }

  function waysToSay(part) {
    const clip = clipFor(part);
    const voice = voiceFor(part);
    const ways = [];
    if (clip && !broken.has(clip.address)) ways.push({ clip });
    if (voice) ways[clip && (clip.isDraft || clipsFail) ? "unshift" : "push"]({ voice });
    return ways;
  }
  const canBeHeard = (part) => waysToSay(part).length > 0;

  // Taking turns.
  function start(parts, button) {
    stop();
    if (!parts.length) return;
    turn = { parts, at: 0, button, isPaused: false, isFollowed: true };
    if (!button) bar().classList.add("is-open");
    say();
  }

  function hush() {
    if (turn) { turn.attempt = null; clearTimeout(turn.timer); }
    sound.onended = sound.onerror = sound.onplaying = sound.onwaiting = null;
    sound.pause();
    if (synthesis && (synthesis.speaking || synthesis.pending)) synthesis.cancel();
  }

  function stop() {
    waits = false;
    hush();
    if (turn) { mark(null); turn = null; }
    show();
  }

  function say() {
    hush();
    if (turn.at >= turn.parts.length) { stop(); return; }
    const part = turn.parts[turn.at];
    mark(part);
    show();
    tryWays(part, waysToSay(part));
  }

  function tryWays(part, ways) {
    const way = ways.shift();
    if (!way) { turn.at += 1; say(); return; }
    const attempt = {};
    turn.attempt = attempt;
    const current = (then) => (...given) => { if (turn && turn.attempt === attempt) then(...given); };
    const outcome = {
      current,
      done: current(() => { turn.at += 1; say(); }),
      refused: current(() => { stop(); }),
      failed: current(() => {
        if (way.clip) { broken.add(way.clip.address); clipsFail = true; } else voiceFails = true;
        hush();
        offer();
        if (turn) tryWays(part, ways);
      }),
      wait(milliseconds) { clearTimeout(turn.timer); turn.timer = setTimeout(outcome.failed, milliseconds); },
    };
    turn.isClip = Boolean(way.clip);
    turn.outcome = outcome;
    if (way.clip) playClip(way.clip, outcome); else speak(wordsOf(part), way.voice, outcome);
  }

  function playClip(clip, outcome) {
    sound.src = clip.address;
    sound.onended = outcome.done;
    sound.onerror = outcome.failed;
    sound.onplaying = outcome.current(() => { clearTimeout(turn.timer); fetchNext(); });
    sound.onwaiting = outcome.current(() => { if (!turn.isPaused) outcome.wait(PATIENCE); });
    playOn(outcome);
  }

  function playOn({ refused, failed, wait }) {
    wait(PATIENCE);
    sound.preservesPitch = sound.mozPreservesPitch = sound.webkitPreservesPitch = true;
    sound.defaultPlaybackRate = sound.playbackRate = recalls("slower") ? 0.75 : 1;
    const playing = sound.play();
    if (playing) playing.catch((error) => { if (error.name === "NotAllowedError") refused(); else if (error.name !== "AbortError") failed(); });
  }

  function fetchNext() {
    const next = turn.parts[turn.at + 1];
    const way = next && waysToSay(next)[0];
    if (way && way.clip && way.clip.own) way.clip.own.preload = "auto";
  }

  function speak(words, voice, { current, done, refused, failed, wait }) {
    const utterance = new SpeechSynthesisUtterance(words);
    turn.utterance = utterance; // kept: a forgotten one never says that it ended
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = recalls("slower") ? 0.65 : 0.9;
    utterance.onstart = current(() => wait(PATIENCE + words.length * 250));
    utterance.onend = done;
    utterance.onerror = current((event) => { if (event.error === "not-allowed") refused(); else failed(); });
    wait(PATIENCE);
    synthesis.speak(utterance);
  }

  function pause() {
    turn.isPaused = true;
    clearTimeout(turn.timer);
    // a voice that is paused does not go on again on every phone: it says the text once more instead
    if (turn.isClip) sound.pause(); else hush();
    show();
  }

  function goOn() {
    turn.isPaused = false;
    if (turn.isClip) { show(); playOn(turn.outcome); } else say();
  }

  // What is seen of it.
  function mark(part) {
    for (const other of document.querySelectorAll(".being-read")) other.classList.remove("being-read");
    if (!part) return;
    part.classList.add("being-read");
    const box = part.getBoundingClientRect();
    if (!turn.isFollowed || turn.button || (box.top >= 0 && box.bottom <= window.innerHeight)) return;
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    part.scrollIntoView({ block: "nearest", behavior: isCalm ? "auto" : "smooth" });
  }
  const bar = () => screenOf().querySelector(".player");

  function show() {
    const state = !turn || turn.button ? "idle" : turn.isPaused ? "paused" : "reading";
    const shown = bar();
    if (shown) {
      shown.dataset.state = state;
      for (const word of shown.querySelectorAll("[data-when]")) word.hidden = word.dataset.when !== state;
      press(shown, "slower", recalls("slower"));
      press(shown, "always", recalls("always"));
      // it keeps its place, so that nothing moves under a finger
      shown.querySelector("[data-do=stop]").classList.toggle("is-away", state === "idle");
    }
    for (const one of document.querySelectorAll(".say")) one.setAttribute("aria-pressed", String(Boolean(turn) && turn.button === one));
  }
  const press = (place, name, on) => place.querySelector(`[data-do=${name}]`).setAttribute("aria-pressed", String(on));

  // The buttons: there when something can be heard, away when not.
  function offer() {
    const slot = screenOf().querySelector("[data-listen]");
    if (!slot) return;
    if (!bar()) slot.append(document.importNode(model.content, true));
    hide(slot, !toRead().length);
    if (recalls("always")) bar().classList.add("is-open");
    for (const card of screenOf().querySelectorAll(".card")) offerOne(card, card);
    const faults = document.getElementById("fouten");
    if (faults) offerOne(faults.querySelector("h2"), faults);
    show();
  }

  // A button beside one text. Not in its label: a label names one control only.
  function offerOne(beside, place) {
    const texts = [...place.querySelectorAll("[data-speak]")];
    if (!texts.length) return;
    let pair = beside.parentElement;
    if (!pair.matches(".with-say")) {
      if (!texts.some(canBeHeard)) return;
      pair = document.createElement("div");
      pair.className = "with-say";
      beside.replaceWith(pair);
      const button = document.createElement("button");
      button.type = "button";
      button.className = "say";
      const listen = bar().querySelector("[data-do=listen]");
      button.setAttribute("aria-label", `${listen.querySelector("[data-when=idle] span").textContent}: ${wordsOf(texts[0])}`);
      button.append(listen.querySelector("svg").cloneNode(true));
      button.texts = texts;
      pair.append(beside, button);
    }
    hide(pair.lastElementChild, !texts.some(canBeHeard));
  }

  function hide(place, away) {
    if (away && place.contains(document.activeElement)) screenOf().focus({ preventScroll: true });
    place.hidden = away;
  }

  // The text field that comes with a choice ("other, namely").
  function fieldOf(card) {
    let next = (card.closest(".with-say") || card).nextElementSibling;
    if (next && next.matches("audio")) next = next.nextElementSibling;
    return next && next.matches(".other") ? next : null;
  }

  // In "always", the words on the buttons that lead on close the turn.
  function toRead() {
    const isAlways = recalls("always");
    return textsOf(screenOf()).filter((part) => (isAlways || !part.matches("button, .button")) && canBeHeard(part));
  }
  const readScreen = () => start(toRead());

  function arrive() {
    if (arrived === screenOf()) return;
    arrived = screenOf();
    stop();
    broken.clear();
    voiceFails = clipsFail = false;
    offer();
    if (recalls("always")) beginByItself();
  }

  function beginByItself() {
    readScreen();
    waits = !turn;
  }

  const deeds = {
    listen() { if (!turn || turn.button) readScreen(); else if (turn.isPaused) goOn(); else pause(); },
    again: readScreen,
    stop() {
      screenOf().querySelector("[data-do=listen]").focus({ preventScroll: true }); // this button goes away
      stop();
    },
    slower() {
      remember("slower", !recalls("slower"));
      if (turn && turn.isClip) sound.defaultPlaybackRate = sound.playbackRate = recalls("slower") ? 0.75 : 1;
      else if (turn && !turn.isPaused) say(); // a voice keeps the rate that it began with
      show();
    },
    always() {
      remember("always", !recalls("always"));
      if (recalls("always") && !turn) readScreen();
      show();
    },
  };

  document.addEventListener("click", ({ target }) => {
    waits = false;
    const one = target.closest(".say");
    if (one) { if (turn && turn.button === one) stop(); else start(one.texts.filter(canBeHeard), one); return; }
    const button = target.closest(".player [data-do]");
    if (button) deeds[button.dataset.do]();
  });

  // A choice has been made: the other answers need not be heard. What was chosen is said. Ticking goes on to the rest.
  document.addEventListener("change", ({ target }) => {
    const isReading = turn && !turn.isPaused;
    if (!target.matches("input[type=radio], input[type=checkbox]") || !(isReading || recalls("always"))) return;
    if (target.type === "checkbox" && (isReading || !target.checked)) return;
    const card = target.closest("label");
    const chosen = [card, fieldOf(card)].reduce((texts, place) => texts.concat(place ? textsOf(place) : []), []).filter(canBeHeard);
    if (chosen.length) start(chosen, target); else stop();
  });
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape" && turn) stop(); });
  for (const gesture of ["wheel", "touchmove"]) document.addEventListener(gesture, () => { if (turn) turn.isFollowed = false; }, { passive: true });
  document.addEventListener("visibilitychange", () => { if (document.hidden && turn && !turn.isPaused) { if (turn.button) stop(); else pause(); } });

  document.addEventListener("htmx:beforeRequest", stop);
  document.addEventListener("htmx:afterSettle", arrive);
  window.addEventListener("pagehide", stop);
  document.addEventListener("submit", stop);
  if (synthesis && synthesis.addEventListener) synthesis.addEventListener("voiceschanged", () => { offer(); if (waits) beginByItself(); });

  // The message that the line is down has no clip: there is no line to fetch it by.
  const message = document.getElementById("melding");
  new MutationObserver(() => {
    if (recalls("always") && message.textContent && voiceFor(message)) start([message], message);
  }).observe(message, { childList: true });

  document.addEventListener("DOMContentLoaded", arrive);
})();
