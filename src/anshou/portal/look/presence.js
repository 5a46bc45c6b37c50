// That this page is open and what is typed into it, for colleagues who look at the same ticket; and who they are.
"use strict";

(() => {
  const place = document.querySelector("[data-presence]");
  // It may be renewed while the page is open.
  const token = () => document.querySelector('input[name="_token"]')?.value;
  if (!place || !token()) return;
  // Milliseconds between two words, after the last key until nobody types, and between two changes.
  const EVERY = 25000, RESTS = 8000, AT_MOST = 1000;
  // By these the server puts in order what arrives out of turn, and tells two pages of one person apart.
  const PAGE = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  let number = 0;
  let doing = "looking", resting = 0, last = -AT_MOST, waiting = 0;
  // Whoever has gone says nothing more, also not that they type no longer.
  let gone = document.hidden;

  async function say(leaving = false) {
    clearTimeout(waiting);
    if (gone && !leaving) return;
    const wait = last + AT_MOST - performance.now();
    if (wait > 0 && !leaving) { waiting = setTimeout(say, wait); return; }
    last = performance.now();
    const body = new URLSearchParams({ _token: token(), doing: leaving ? "left" : doing, page: PAGE, number: number += 1 });
    await show(fetch(place.dataset.presence, { method: "POST", body, headers: { "x-fragment": "presence" }, keepalive: leaving }));
  }

  async function show(asking) {
    const answer = await asking.catch(() => null);
    if (!answer?.ok || !answer.headers.get("x-fragment")) return;
    const text = (await answer.text()).trim();
    // Said anew only when it is another: a screen reader would read it every time.
    if (text !== place.dataset.shown) { place.dataset.shown = text; place.innerHTML = text; }
  }

  function become(what) {
    clearTimeout(resting);
    if (what !== "looking") resting = setTimeout(() => become("looking"), RESTS);
    if (what === doing) return;
    doing = what;
    say();
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-keep]");
    if (!form) return;
    if (!form.matches(".composer")) { become("moving"); return; }
    const audience = form.querySelector('[name="audience"]:checked')?.value;
    become(audience === "note" ? "noting" : "writing");
  });
  document.addEventListener("submit", () => { doing = "looking"; });
  document.body.addEventListener("live-presence", () => show(fetch(place.dataset.presence, { headers: { "x-fragment": "presence" } })));
  function turn(away) {
    gone = away;
    say(away);
  }
  document.addEventListener("visibilitychange", () => { turn(document.hidden); });
  addEventListener("pagehide", () => { turn(true); });
  addEventListener("pageshow", (event) => { if (event.persisted) turn(document.hidden); });
  setInterval(say, EVERY);
  say();
})();
