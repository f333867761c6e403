/* Makes pages live: counts down, fetches anew what changed, tells the server the browser's time zone. Everything works without it. */
"use strict";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`zone=${zone}`)) {
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}

/** So many seconds in the two largest units that matter, as the server spells them. */
function spelt(seconds) {
  const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
  const two = (number) => String(number).padStart(2, "0");
  const day = document.documentElement.dataset.day || "d";
  if (days > 9) return `${days} ${day}`;
  if (days > 0) return `${days} ${day} ${hours % 24} h`;
  return `${hours}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

const began = performance.now();
const served = Date.parse(document.documentElement.dataset.now) || Date.now();

/** The server's clock, carried on by a clock that nobody sets: a laptop's wrong time must not move a limit. */
function now() {
  return served + (performance.now() - began);
}

function tick() {
  for (const one of document.querySelectorAll("[data-until]")) {
    const rest = Math.floor((Date.parse(one.dataset.until) - now()) / 1000);
    one.textContent = rest >= 0 ? spelt(rest) : `${one.dataset.late || "late by"} ${spelt(-rest)}`;
    one.closest(".clock")?.classList.toggle("late", rest < 0);
  }
  for (const one of document.querySelectorAll("[data-since]")) {
    one.textContent = spelt(Math.max(0, Math.floor((now() - Date.parse(one.dataset.since)) / 1000)));
  }
  /* No check means no news: an open page must find out by itself that the clocks are watched no more. */
  for (const one of document.querySelectorAll("[data-silent-after]")) {
    const silent = now() - Date.parse(one.dataset.beat) > Number(one.dataset.silentAfter) * 1000;
    one.classList.toggle("silent", silent);
    one.querySelector("[role=alert]").hidden = !silent;
    one.querySelector(".calm").hidden = silent;
  }
}

/** A fresh copy of the parts must not shut what a reader has opened, nor take the keyboard's place away. */
function keep(place) {
  let opened = [], link = null;
  const spot = (one) => {
    const part = one.closest("section") || place;
    return `${part.id} ${[...part.querySelectorAll("details")].indexOf(one)}`;
  };
  place.addEventListener("htmx:beforeSwap", () => {
    opened = [...place.querySelectorAll("details[open]")].map(spot);
    link = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  });
  place.addEventListener("htmx:afterSwap", () => {
    for (const one of place.querySelectorAll("details")) one.open = opened.includes(spot(one));
    if (link) [...place.querySelectorAll("a")].find((one) => one.getAttribute("href") === link)?.focus({ preventScroll: true });
    tick();
  });
}

function listen() {
  const place = document.querySelector("[data-live]");
  if (!place || !window.EventSource) return;
  keep(place);
  const source = new EventSource(place.dataset.live);
  let waiting = 0;
  source.addEventListener("changed", (event) => {
    /* Many viewers do not all fetch at one moment; what changes while one waits is in what it fetches. */
    waiting ||= setTimeout(() => {
      waiting = 0;
      document.body.dispatchEvent(new Event("changed"));
    }, Math.random() * Number(event.data));
  });
  source.addEventListener("ended", () => location.reload());
  source.addEventListener("blind", () => place.classList.add("lost"));
  source.addEventListener("sees", () => place.classList.remove("lost"));
  source.addEventListener("error", () => place.classList.add("lost"));
  source.addEventListener("open", () => place.classList.remove("lost"));
  window.addEventListener("pagehide", () => source.close());
}

for (const one of document.querySelectorAll("[data-sends]")) {
  one.addEventListener("change", () => one.form.requestSubmit());
}
for (const one of document.querySelectorAll("[data-print]")) {
  one.addEventListener("click", () => window.print());
}
tick();
setInterval(tick, 1000);
listen();
