// What is being typed is kept on the server while it is typed. A form says where by `data-draft`; its element with
// `data-draft-said` tells how it stands. Without scripts a button does the same.
"use strict";

(() => {
  // Milliseconds after the last key, between two savings while somebody types on, and before another try.
  const PAUSE = 1200, AT_LEAST = 8000, AGAIN = 10000;
  // By form: the timer, when it was saved last, the answer that is being waited for.
  const kept = new WeakMap();

  const stateOf = (form) => {
    if (!kept.has(form)) kept.set(form, { timer: 0, saved: performance.now(), saving: null, typed: false, sent: false });
    return kept.get(form);
  };

  function later(form, wait) {
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => save(form), wait);
  }

  async function save(form, leaving = false) {
    const state = stateOf(form);
    clearTimeout(state.timer);
    if (state.sent || !state.typed) return;
    if (state.saving) { await state.saving; if (!state.typed) return; }
    state.typed = false;
    state.saving = send(form, leaving);
    const done = await state.saving;
    state.saving = null;
    state.saved = performance.now();
    if (done) { if (!state.typed) form.removeAttribute("data-changed"); return; }
    state.typed = true;
    later(form, AGAIN);
  }

  async function send(form, leaving) {
    const body = new URLSearchParams();
    // Files are not kept: they are chosen anew.
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    const said = form.querySelector("[data-draft-said]");
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body, headers: { "x-fragment": "draft" }, keepalive: leaving,
      });
      if (!answer.ok || !answer.headers.get("x-fragment")) throw new Error(String(answer.status));
      const text = await answer.text();
      // What was sent meanwhile has no draft any more.
      if (said && !stateOf(form).sent) said.innerHTML = text;
      return true;
    } catch {
      if (said) said.textContent = said.dataset.failed;
      return false;
    }
  }

  function typed(event) {
    const form = event.target.closest?.("form[data-draft]");
    if (!form || event.target.type === "file") return;
    const state = stateOf(form);
    state.typed = true;
    state.sent = false;
    const waited = performance.now() - state.saved;
    if (!state.saving) later(form, waited > AT_LEAST ? 0 : PAUSE);
    else later(form, PAUSE);
  }
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);

  // A draft that arrives after what it was the draft of would stand there again: so sending waits for it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-draft]")) return;
    const state = stateOf(form), button = event.submitter;
    clearTimeout(state.timer);
    state.sent = true;
    if (!state.saving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    state.saving.finally(() => { state.saving = null; form.requestSubmit(button); });
  }, true);

  const saveAll = () => {
    for (const form of document.querySelectorAll("form[data-draft]")) if (kept.get(form)?.typed) save(form, true);
  };
  addEventListener("pagehide", saveAll);
  document.addEventListener("visibilitychange", () => { if (document.hidden) saveAll(); });
  // Before the dialog forgets its form.
  document.addEventListener("close", saveAll, true);
  document.addEventListener("cancel", saveAll, true);
})();
