// How long ago: under [data-ago] instead of the instant, which then shows on hovering, and elsewhere on hovering.
// The server writes instants, which stay true on paper and in an old tab; this keeps up with the clock.
"use strict";

(() => {
  const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];
  const RECENT = 30 * 86400;
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "zh-CN", { numeric: "auto" });

  const secondsAgo = (time) => (Date.now() - Date.parse(time.dateTime.replace(" ", "T"))) / 1000;

  function ago(time) {
    const seconds = secondsAgo(time);
    const [unit, length] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
    return words.format(unit === "second" ? 0 : -Math.trunc(seconds / length), unit).replace(/(\d)(?=\p{Script=Han})/u, "$1 ");
  }

  const isShown = (time) => Boolean(time.closest("[data-ago]")) && secondsAgo(time) < RECENT;

  function follow(within = document) {
    for (const time of within.querySelectorAll("[data-ago] time[datetime]")) {
      time.dataset.instant ??= time.textContent;
      time.textContent = isShown(time) ? ago(time) : time.dataset.instant;
    }
  }

  document.addEventListener("mouseover", (event) => {
    const time = event.target.closest?.("time[datetime]");
    if (!time) return;
    time.dataset.whole ??= time.title || (time.dataset.instant ?? time.textContent);
    time.title = isShown(time) ? time.dataset.whole : `${time.dataset.whole} · ${ago(time)}`;
  });

  follow();
  setInterval(() => document.hidden || follow(), 30000);
  document.addEventListener("visibilitychange", () => document.hidden || follow());
  document.addEventListener("htmx:after:swap", () => follow());
})();
