// What was typed into a kept form and could be neither kept nor sent, because the session had ended or nobody answered: it
// waits in this tab, for the same person, until the page with its form opens again. Of confidential tickets nothing waits:
// their forms are kept nowhere. A form that asks before it sends is held as the one it came from (`data-held-as`).
"use strict";

(() => {
  const PLACE = "anshou.unsent", HOURS = 12;
  // Whoever signs out leaves nothing behind, nor what is tried to be kept while the page goes. Who types on has stayed.
  let isOver = false;
  document.addEventListener("input", (event) => { if (event.isTrusted) isOver = false; }, true);

  function read() {
    try {
      const all = Object.entries(JSON.parse(sessionStorage.getItem(PLACE)) ?? {});
      return Object.fromEntries(all.filter(([, one]) => Date.now() - one.at < HOURS * 3_600_000));
    } catch {
      return {};
    }
  }

  function write(all) {
    try {
      if (Object.keys(all).length) sessionStorage.setItem(PLACE, JSON.stringify(all));
      else sessionStorage.removeItem(PLACE);
    } catch {
      // A browser that keeps nothing for pages.
    }
  }

  const keyOf = (form) => form.dataset.draft ?? form.dataset.heldAs;
  const personOf = (form) => form.dataset.of ?? form.querySelector("[data-draft-said]")?.dataset.of;

  function fill(form, one) {
    const given = new Map();
    for (const [name, value] of one.fields) given.set(name, [...given.get(name) ?? [], value]);
    for (const field of form.elements) {
      const values = given.get(field.name);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values?.includes(field.value) ?? false;
      // Hidden ones are this page's own, but for what the words were written over.
      else if (values?.length && (field.type !== "hidden" || field.name === "_kept_at")) field.value = values.shift();
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  window.unsent = {
    hold(form, isSent) {
      if (isOver) return;
      const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "_token");
      const page = form.dataset.page ?? location.pathname + location.search;
      write({ ...read(), [keyOf(form)]: { of: personOf(form), page, at: Date.now(), isSent, fields } });
    },
    drop(form) {
      const { [keyOf(form)]: _, ...others } = read();
      write(others);
    },
    // It stays until it is kept.
    restore(root) {
      for (const form of root.querySelectorAll("form[data-draft]")) {
        const one = read()[form.dataset.draft];
        // What was sent and refused has just come back with the answer.
        if (!one || one.isSent) continue;
        if (one.of !== personOf(form)) { write({}); return; }
        fill(form, one);
      }
    },
  };

  // What was sent has not arrived, as far as this tab can tell; the latest first.
  function takeBack() {
    const all = read(), waiting = Object.values(all).sort((one, other) => other.at - one.at);
    for (const one of waiting) one.isSent = false;
    write(all);
    return waiting;
  }

  // A page that somebody came back to, or whose address they typed, answers no form: what was to answer never came.
  const came = performance.getEntriesByType("navigation")[0]?.type;
  const answers = came === "reload" || came !== "back_forward" && document.referrer;
  const sheet = document.querySelector('form[action="/sign-in"]');
  if (sheet || !answers || document.querySelector("[data-error]")) {
    const waiting = takeBack();
    const next = sheet?.elements.namedItem("next");
    if (next?.value === "/" && waiting.length) next.value = waiting[0].page;
  } else {
    write(Object.fromEntries(Object.entries(read()).filter(([, one]) => !one.isSent)));
  }
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    takeBack();
    window.unsent.restore(document);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-held-as]")) window.unsent.hold(event.target, true);
    if (!event.target.matches('form[action="/sign-out"]')) return;
    isOver = true;
    write({});
  });
})();
