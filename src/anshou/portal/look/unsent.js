// What was typed into a kept form and could be neither kept nor sent, because the session had ended or nobody answered: it
// waits in this tab, for the same person, until the page with its form opens again. Of confidential tickets nothing waits:
// their forms are kept nowhere.
"use strict";

(() => {
  const PLACE = "anshou.unsent", HOURS = 12;
  // Whoever signs out leaves nothing behind, nor what is tried to be kept while the page goes.
  let isOver = false;

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

  const personOf = (form) => form.querySelector("[data-draft-said]")?.dataset.of;

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
      const page = location.pathname + location.search;
      write({ ...read(), [form.dataset.draft]: { of: personOf(form), page, at: Date.now(), isSent, fields } });
    },
    drop(form) {
      const { [form.dataset.draft]: _, ...others } = read();
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

  const sheet = document.querySelector('form[action="/sign-in"]');
  if (sheet || document.querySelector("[data-error]")) {
    // It has not arrived.
    const all = read(), waiting = Object.values(all).sort((one, other) => other.at - one.at);
    for (const one of waiting) one.isSent = false;
    write(all);
    const next = sheet?.elements.namedItem("next");
    if (next?.value === "/" && waiting.length) next.value = waiting[0].page;
  } else {
    write(Object.fromEntries(Object.entries(read()).filter(([, one]) => !one.isSent)));
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.matches('form[action="/sign-out"]')) return;
    isOver = true;
    write({});
  });
})();
