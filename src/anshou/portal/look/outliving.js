// A page that outlives its session says so and keeps what was typed; its person signs in anew beside it, and goes on.
"use strict";

(() => {
  const of = document.body.dataset.of;
  if (!of) return;
  // Milliseconds for which what the server said last is taken to hold.
  const FRESH = 60_000;
  let asked = Date.now();

  // Whether the page's forms can be sent, as far as anybody answers: they carry new tokens then.
  window.renewForms = async () => {
    // Whoever is not signed in is answered in the browser's language, and this page has one.
    const headers = { "hx-request": "true", "accept-language": document.documentElement.lang };
    const answer = await fetch(`/session?of=${encodeURIComponent(of)}`, { headers }).catch(() => null);
    if (!answer?.ok) return true;
    const token = answer.headers.get("x-form-token"), said = await answer.text();
    asked = Date.now();
    const before = document.getElementById("outlived");
    before?.remove();
    if (token) for (const field of document.querySelectorAll('input[name="_token"]')) field.value = token;
    else tell(said);
    if (token && before) document.body.dispatchEvent(new CustomEvent("session-renewed"));
    return Boolean(token);
  };

  // An open dialog lies over everything else.
  function tell(said) {
    const inside = document.querySelector("dialog#dialog[open] #dialog-content");
    if (inside) inside.insertAdjacentHTML("afterbegin", said);
    else document.querySelector("header.top").insertAdjacentHTML("afterend", said);
  }

  const isFresh = () => Date.now() - asked < FRESH && !document.getElementById("outlived");
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !isFresh()) window.renewForms(); });
  addEventListener("pageshow", (event) => { if (event.persisted) window.renewForms(); });

  // What is kept while it is typed waits in the tab, and comes back after signing in. Anything else stays where it is.
  const waits = (form) => form.matches("[data-draft], [data-held-as]") || !form.matches("[data-keep]");
  const passed = new WeakSet();
  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (form.method !== "post" || passed.delete(form) || isFresh()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!await window.renewForms() && !waits(form)) { document.getElementById("outlived")?.focus(); return; }
    passed.add(form);
    form.requestSubmit(button?.form === form ? button : null);
  }, true);
})();
