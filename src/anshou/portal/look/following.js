// A ticket that somebody else has moved: what stands around the thread is put in anew, part by part, and never a part in
// which somebody types, has the focus or a menu open. The thread itself follows by `hx-get`.
"use strict";

(() => {
  const note = document.getElementById("moved-note");
  if (!note) return;
  // Milliseconds in which a part that has just changed takes no click that was meant for what stood there before.
  const SETTLES = 700, SAID = 8000;
  let asking = false, again = false, silence = 0;

  const isTyped = (field) => field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
    : field.tagName === "SELECT" ? [...field.options].some((one) => one.selected !== one.defaultSelected && field.value !== "")
      : field.type !== "hidden" && field.value !== field.defaultValue;

  const isInUse = (part) => part.contains(document.activeElement) || part.querySelector(":popover-open") !== null
    || [...part.querySelectorAll("input, textarea, select")].some(isTyped);

  function put(old, fresh) {
    if (!fresh) { old.replaceChildren(); return; }
    old.replaceWith(fresh);
    fresh.inert = true;
    setTimeout(() => { fresh.inert = false; }, SETTLES);
    window.htmx?.process(fresh);
  }

  function say(words, stays) {
    clearTimeout(silence);
    note.querySelector("[data-words]").textContent = words;
    note.querySelector("a").hidden = !stays;
    note.hidden = false;
    if (!stays) silence = setTimeout(() => { note.hidden = true; }, SAID);
  }

  // With the queue that led here: a page that asks is led here by itself.
  function own() {
    const address = new URL(location.href), from = document.querySelector('form.composer input[name="from"]')?.value;
    address.hash = "";
    if (from !== undefined) address.searchParams.set("from", from);
    return address;
  }

  async function follow() {
    if (asking) { again = true; return; }
    asking = true;
    const answer = await fetch(own()).catch(() => null);
    asking = false;
    if (!answer?.ok || answer.redirected) { say(note.dataset.left, true); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    let left = false;
    for (const part of document.querySelectorAll("[data-part]")) {
      const fresh = page.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
      if (fresh && fresh.innerHTML === part.innerHTML) continue;
      if (isInUse(part)) { left = true; continue; }
      put(part, fresh && document.adoptNode(fresh));
    }
    say(left ? note.dataset.left : note.dataset.done, left);
    if (again) { again = false; follow(); }
  }

  // The thread says by an attribute that the ticket has moved since this page was made.
  new MutationObserver(() => {
    const thread = document.getElementById("thread");
    if (thread?.dataset.moved !== "yes") return;
    thread.dataset.moved = "seen";
    follow();
  }).observe(document.querySelector("main"), { subtree: true, childList: true, attributes: true, attributeFilter: ["data-moved"] });
})();
