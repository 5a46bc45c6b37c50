// What is being typed is kept on the server while it is typed. A form says where by `data-draft`; its element with
// `data-draft-said` tells how it stands. Without scripts a button does the same. A form keeps its `data-changed` until
// all of it is kept, so that the browser asks before it forgets the rest.
"use strict";

(() => {
  // Milliseconds after the last key, between two savings while somebody types on, before another try, and for which
  // whoever goes elsewhere waits.
  const PAUSE = 1200, AT_LEAST = 8000, AGAIN = 10000, PATIENCE = 3000;
  // Bytes that a browser still sends for a page that is gone (64 KiB with what else is on its way).
  const LAST_BYTES = 60_000;
  const KEPT = "kept", NOT_KEPT = "not kept", FAILED = "failed";
  // By this the server tells this page from another one of the same person.
  const PAGE = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  // By form: the timer, when it was saved last, the saving that is under way, whether there is more than it holds.
  const kept = new WeakMap();
  // Savings under way, also of forms that have left the page with their dialog.
  const going = new Set();

  const stateOf = (form) => {
    if (!kept.has(form)) kept.set(form, { timer: 0, saved: performance.now(), saving: null, typed: false, sent: false });
    return kept.get(form);
  };
  const unsaved = () => [...document.querySelectorAll("form[data-draft]")].filter((form) => {
    const state = kept.get(form);
    return state?.typed && !state.sent;
  });

  // What the form knows of its draft goes with it: which page keeps it, and the saving that it shows or made last.
  function signed(form) {
    if (form.elements.namedItem("_page")) return;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "_page", value: PAGE }));
  }

  function later(form, wait) {
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => save(form), wait);
  }

  // One saving of a form at a time: what arrives last is what stands there.
  async function save(form) {
    const state = stateOf(form);
    clearTimeout(state.timer);
    while (state.saving) await state.saving;
    if (!state.sent && state.typed) await begin(form, state);
  }

  function begin(form, state) {
    const saving = attempt(form, state).finally(() => {
      going.delete(saving);
      if (state.saving === saving) state.saving = null;
    });
    going.add(saving);
    state.saving = saving;
    return saving;
  }

  async function attempt(form, state) {
    state.typed = false;
    const outcome = await send(form);
    state.saved = performance.now();
    if (outcome === KEPT && !state.typed) form.removeAttribute("data-changed");
    if (!state.sent) window.unsent[outcome === FAILED ? "hold" : "drop"](form, false);
    if (outcome !== FAILED || state.sent) return;
    state.typed = true;
    later(form, AGAIN);
  }

  async function send(form, isAgain = false) {
    const body = new URLSearchParams();
    signed(form);
    // Files are not kept: they are chosen anew.
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    const said = form.querySelector("[data-draft-said]");
    // A page that goes takes with it what it has not sent.
    const keepalive = body.toString().length < LAST_BYTES;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { "x-fragment": "draft" }, keepalive });
      // Perhaps its person has signed in anew beside this page.
      if (answer.status === 403 && !isAgain && await window.renewForms()) return await send(form, true);
      if (!answer.ok || !answer.headers.get("x-fragment")) throw new Error(String(answer.status));
      const text = await answer.text();
      // What was sent meanwhile has no draft any more.
      if (!said || stateOf(form).sent) return KEPT;
      said.innerHTML = text;
      if (said.querySelector("[data-not-kept]")) return NOT_KEPT;
      form.elements.namedItem("_kept_at").value = said.querySelector("[data-kept-at]")?.dataset.keptAt ?? "";
      return KEPT;
    } catch {
      if (said) said.textContent = said.dataset.failed;
      return FAILED;
    }
  }

  function typed(event) {
    const form = event.target.closest?.("form[data-draft]");
    if (!form || event.target.type === "file") return;
    const state = stateOf(form);
    state.typed = true;
    state.sent = false;
    const waited = performance.now() - state.saved;
    later(form, !state.saving && waited > AT_LEAST ? 0 : PAUSE);
  }
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);

  // Another page has kept something newer, and its person wants what stands here.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-overwrites]"), form = button?.form;
    if (!form) return;
    form.elements.namedItem("_kept_at").value = button.dataset.overwrites;
    stateOf(form).typed = true;
    save(form);
  });

  // Everything typed, before the page is asked for anew: it would come without the last words, and stand over them.
  // Not for ever: what is not kept by then keeps its mark, and the browser asks.
  window.keepDrafts = () => {
    for (const form of unsaved()) save(form);
    if (!going.size) return Promise.resolve();
    const all = async () => { while (going.size) await Promise.allSettled(going); };
    return Promise.race([all(), new Promise((done) => { setTimeout(done, PATIENCE); })]);
  };

  // A draft that arrives after what it was the draft of would stand there again; and any form may lead back to this page.
  const passed = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (form.matches("form[data-draft]")) {
      signed(form);
      if (!button?.matches("[data-discards]")) window.unsent.hold(form, true);
      clearTimeout(stateOf(form).timer);
      stateOf(form).sent = true;
    }
    if (passed.delete(form) || !(going.size || unsaved().length)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    window.keepDrafts().then(() => {
      passed.add(form);
      form.requestSubmit(button?.form === form ? button : null);
    });
  }, true);

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (link.target || link.hasAttribute("download") || link.origin !== location.origin || !unsaved().length) return;
    if (link.hash && link.pathname + link.search === location.pathname + location.search) return;
    event.preventDefault();
    window.keepDrafts().then(() => location.assign(link.href));
  });

  // Nobody waits for a page that goes: what is not on its way yet sets out now.
  const saveAll = () => { for (const form of unsaved()) begin(form, stateOf(form)); };
  addEventListener("beforeunload", saveAll);
  addEventListener("pagehide", saveAll);
  document.addEventListener("visibilitychange", () => { if (document.hidden) saveAll(); });
  // Before the dialog forgets its form.
  const saveInTurn = () => { for (const form of unsaved()) save(form); };
  document.addEventListener("close", saveInTurn, true);
  document.addEventListener("cancel", saveInTurn, true);

  window.unsent.restore(document);
})();
