// What others do shows at once: the server tells that something changed, and the parts of the page ask for themselves.
// Parts say `hx-trigger="live-ticket from:body"` (or live-tickets, live-notices). While nothing is heard they ask now and then.
"use strict";

(() => {
  const address = document.body.dataset.live;
  if (!address) return;

  // Seconds between two questions of each sort, without a stream and with one: a stream may lose something too.
  const PATIENCE = { ticket: [15, 300], tickets: [60, 300], notices: [60, 300] };
  const SILENCE = 45;
  let stream = null;
  let hears = false;
  let alive = 0;
  let refused = false;
  const asked = {};

  const seconds = () => performance.now() / 1000;

  function ask(sort) {
    asked[sort] = seconds();
    document.body.dispatchEvent(new CustomEvent(`live-${sort}`));
  }

  function open() {
    if (stream || refused || document.hidden || !window.EventSource) return;
    const thread = document.getElementById("thread");
    const after = thread?.dataset.newest;
    stream = new EventSource(after ? `${address}&after=${after}` : address);
    alive = seconds();
    const on = (name, act) => stream.addEventListener(name, () => { alive = seconds(); act(); });
    on("beat", () => {});
    on("hearing", () => { hears = true; document.body.dataset.hears = "yes"; });
    on("deaf", deaf);
    on("ticket", () => ask("ticket"));
    on("notices", () => ask("notices"));
    on("presence", () => document.body.dispatchEvent(new CustomEvent("live-presence")));
    // Told to every queue at once: they ask one after another.
    on("tickets", () => setTimeout(() => ask("tickets"), Math.random() * 1500));
    stream.onerror = () => {
      deaf();
      // Closed means that the browser does not try again: the session is over, or there is no room.
      if (stream.readyState === EventSource.CLOSED) { refused = true; close(); }
    };
  }

  function deaf() {
    hears = false;
    delete document.body.dataset.hears;
  }

  function close() {
    stream?.close();
    stream = null;
    deaf();
  }

  // A page in the background holds no line: a browser has only six to a host.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { close(); return; }
    open();
    for (const sort of Object.keys(PATIENCE)) ask(sort);
  });
  document.body.addEventListener("session-renewed", () => {
    refused = false;
    open();
    for (const sort of Object.keys(PATIENCE)) ask(sort);
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });

  for (const sort of Object.keys(PATIENCE)) asked[sort] = seconds();
  setInterval(() => {
    if (document.hidden) return;
    if (stream && seconds() - alive > SILENCE) { close(); open(); }
    for (const [sort, [alone, told]] of Object.entries(PATIENCE)) {
      if (seconds() - asked[sort] >= (hears ? told : alone)) ask(sort);
    }
  }, 1000);
  open();
})();
