"use strict";
// The studio: hear a clip without leaving the list, and record one text after the other with the keyboard.
// Without this file the links to clips and the form for a sound file still work.

const heard = new Audio();
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-play]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const isPlaying = link.hasAttribute("data-playing");
  for (const other of document.querySelectorAll("[data-playing]")) other.removeAttribute("data-playing");
  heard.pause();
  if (isPlaying) return;
  heard.src = link.href;
  link.setAttribute("data-playing", "");
  heard.play().catch(() => link.removeAttribute("data-playing"));
});
heard.addEventListener("ended", () => document.querySelector("[data-playing]")?.removeAttribute("data-playing"));

const studio = document.querySelector("[data-studio]");
if (studio) {
  const message = document.getElementById("studio-melding");
  const upload = studio.querySelector("form.upload");
  const clip = document.getElementById("klank");
  const button = (name) => document.querySelector(`[data-do="${name}"]`);
  const wrong = ["denied", "none", "unheard", "failed", "tooLarge"];
  const say = (name) => {
    message.textContent = message.dataset[name] || name;
    message.classList.toggle("error", wrong.includes(name) || !message.dataset[name]);
  };
  const LARGEST = 10 * 1024 * 1024;
  let sound, recorder, recorded, buffer, playing, isKeeping = false;

  // Recording ---------------------------------------------------------------------------------------------------
  const kinds = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
  const kind = () => kinds.find((one) => MediaRecorder.isTypeSupported(one)) || "";
  const audio = () => (sound = sound || new AudioContext());

  async function record() {
    if (recorder && recorder.state === "recording") return recorder.stop();
    stopPlaying();
    clip?.pause();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false } });
    } catch (error) {
      return say(error.name === "NotFoundError" ? "none" : "denied");
    }
    recorded = buffer = null;
    const parts = [];
    let isTooLong = false;
    recorder = new MediaRecorder(stream, { mimeType: kind(), audioBitsPerSecond: 128000 });
    recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    const timer = setTimeout(() => { isTooLong = true; recorder.stop(); }, 1000 * Number(studio.dataset.most));
    const stopMeter = meter(stream);
    recorder.addEventListener("stop", () => {
      clearTimeout(timer);
      stopMeter();
      for (const track of stream.getTracks()) track.stop();
      recorded = new Blob(parts, { type: recorder.mimeType });
      show();
      say(isTooLong ? "tooLong" : "stopped");
    });
    recorder.start();
    show();
    say("recording");
  }

  function meter(stream) {
    const level = document.getElementById("niveau");
    const clock = studio.querySelector(".clock");
    const source = audio().createMediaStreamSource(stream);
    const analyser = audio().createAnalyser();
    const values = new Float32Array(analyser.fftSize);
    const startedAt = performance.now();
    source.connect(analyser);
    let next = 0;
    const draw = () => {
      analyser.getFloatTimeDomainData(values);
      const loudest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      level.value = loudest ? Math.max(0, 1 + Math.log10(loudest) / 2.5) : 0; // 0 at -50 dB
      clock.textContent = `${Math.round((performance.now() - startedAt) / 1000)} s`;
      next = requestAnimationFrame(draw);
    };
    draw();
    return () => { cancelAnimationFrame(next); source.disconnect(); level.value = 0; };
  }

  function show() {
    const isOn = recorder?.state === "recording";
    const words = button("record");
    words.firstElementChild.textContent = isOn ? words.dataset.stop : words.dataset.start;
    words.setAttribute("aria-pressed", String(isOn));
    for (const name of ["back", "keep", "keep-on"]) button(name).disabled = isOn || !recorded || isKeeping;
  }

  // The page's rules for media allow no sound that is not ours, so what was recorded is decoded here.
  async function playBack() {
    if (playing) return stopPlaying();
    clip?.pause();
    try {
      buffer = buffer || await audio().decodeAudioData(await recorded.arrayBuffer());
    } catch {
      return say("unheard");
    }
    playing = audio().createBufferSource();
    playing.buffer = buffer;
    playing.connect(audio().destination);
    playing.addEventListener("ended", () => { playing = null; });
    await audio().resume();
    playing.start();
  }

  function stopPlaying() {
    playing?.stop();
    playing = null;
  }

  async function keep(goesOn) {
    if (isKeeping) return;
    stopPlaying();
    const form = new FormData(upload);
    form.set("geluid", recorded, "opname");
    if (goesOn) form.set("verder", "1");
    isKeeping = true;
    show();
    say("keeping");
    try {
      const response = await fetch(upload.action, { method: "POST", body: form, headers: { Accept: "application/json" } });
      const answer = response.status === 413 ? { problem: "tooLarge" } : await response.json();
      if (answer.address) {
        recorded = null;
        return location.assign(answer.address);
      }
      say(answer.problem || "failed");
    } catch {
      say("failed");
    }
    isKeeping = false;
    show();
  }

  upload.addEventListener("submit", (event) => {
    const file = upload.elements.geluid.files[0];
    if (file && file.size > LARGEST) {
      event.preventDefault();
      say("tooLarge");
    }
  });
  addEventListener("beforeunload", (event) => { if (recorded) event.preventDefault(); });

  // Keys --------------------------------------------------------------------------------------------------------
  const doing = { record, back: playBack, keep: () => keep(false), "keep-on": () => keep(true) };
  for (const [name, act] of Object.entries(doing)) button(name).addEventListener("click", act);
  const keys = { r: "record", t: "back", b: "keep", v: "keep-on", g: "approve", arrowleft: "before", arrowright: "after" };
  const wanted = document.getElementById("toetsen");
  wanted.checked = sessionStorage.getItem("toetsen") !== "uit";
  wanted.addEventListener("change", () => {
    sessionStorage.setItem("toetsen", wanted.checked ? "aan" : "uit");
    document.body.classList.toggle("no-keys", !wanted.checked);
  });
  document.body.classList.toggle("no-keys", !wanted.checked);
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches("input:not([type=checkbox]), textarea, select, audio");
    if (!wanted.checked || isTyping || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "l" && clip) {
      stopPlaying();
      return clip.paused ? clip.play() : clip.pause();
    }
    const target = keys[key] && button(keys[key]);
    if (target && !target.disabled) {
      event.preventDefault();
      target.click();
    }
  });

  document.querySelector(".keys").hidden = false;
  studio.querySelector(".recorder").hidden = !(navigator.mediaDevices && window.MediaRecorder);
  if (studio.querySelector(".recorder").hidden) studio.querySelector("details").open = true;
}
