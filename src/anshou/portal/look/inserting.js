// What is put into a text while it is written: canned answers after `/`, colleagues' names after `@` in a note.
// The list stands below the field; arrows choose, Enter puts in, Escape leaves.
"use strict";

(() => {
  const form = document.querySelector("form.composer[data-offers]");
  const field = form?.querySelector("textarea");
  const list = form?.querySelector("[data-offer-list]");
  if (!field || !list) return;
  const address = form.dataset.offers;
  const fetched = {};
  // Where the sign stands, which one, what is offered and chosen.
  let open = null;

  const audience = () => form.querySelector('[name="audience"]:checked')?.value ?? "message";

  // The list of a sort as it is for this reader: a note may hold more than a message.
  async function offered(sort) {
    const path = sort === "/" ? `${address}/answers?audience=${audience()}` : `${address}/colleagues`;
    if (!fetched[path]) {
      const answer = await fetch(path, { headers: { "x-fragment": "offers" } }).catch(() => null);
      if (!answer?.ok || !answer.headers.get("x-fragment")) return [];
      const holder = document.createElement("ul");
      holder.innerHTML = await answer.text();
      fetched[path] = [...holder.children];
    }
    return fetched[path];
  }

  // `/` counts at the beginning of a line or after a space: elsewhere it is a part of an address or a date.
  function signBefore() {
    const before = field.value.slice(0, field.selectionStart);
    const found = /(?:^|\s)([/／])([^\s/／]{0,20})$/.exec(before) ?? /()[@＠]([^\s@＠]{0,12})$/.exec(before);
    if (!found) return null;
    const sort = found[1] ? "/" : "@";
    if (sort === "@" && audience() !== "note") return null;
    return { sort, words: found[2], start: field.selectionStart - found[2].length - 1 };
  }

  async function look() {
    const sign = field.selectionStart === field.selectionEnd ? signBefore() : null;
    if (!sign || (open?.left === sign.start)) { if (!sign) shut(); return; }
    const all = await offered(sign.sort);
    const words = sign.words.toLowerCase();
    const fits = all.filter((one) => one.dataset.name.toLowerCase().includes(words) || (sign.sort === "/" && words && one.textContent.toLowerCase().includes(words)));
    show({ ...sign, fits: fits.slice(0, 8) });
  }

  function show(what) {
    if (!what.fits.length) { shut(); return; }
    open = { ...what, chosen: 0 };
    list.replaceChildren(...what.fits.map((one) => one.cloneNode(true)));
    [...list.children].forEach((one, at) => { one.id = `offer-${at}`; });
    list.hidden = false;
    choose(0);
  }

  function choose(number) {
    const options = [...list.children];
    open.chosen = (number + options.length) % options.length;
    options.forEach((one, at) => one.setAttribute("aria-selected", String(at === open.chosen)));
    options[open.chosen].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[open.chosen].id);
  }

  function shut(left = undefined) {
    if (list.hidden && left === undefined) { if (open && open.left === undefined) open = null; return; }
    list.hidden = true;
    list.replaceChildren();
    field.removeAttribute("aria-activedescendant");
    open = left === undefined ? null : { left };
  }

  function put() {
    const text = list.children[open.chosen].dataset.text, start = open.start;
    shut();
    field.focus();
    field.setSelectionRange(start, field.selectionEnd);
    // Not by assignment: undoing takes it back.
    if (!document.execCommand("insertText", false, text)) field.setRangeText(text, start, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    // What the ticket has nothing for is chosen, to be typed over.
    const gap = /[{｛]\s*[一-鿿]{1,12}\s*[}｝]/.exec(field.value.slice(start));
    if (gap) field.setSelectionRange(start + gap.index, start + gap.index + gap[0].length);
  }

  field.addEventListener("input", (event) => { if (!event.isComposing) look(); });
  field.addEventListener("compositionend", look);
  field.addEventListener("blur", () => setTimeout(() => { if (!form.contains(document.activeElement)) shut(); }, 150));
  field.addEventListener("keydown", (event) => {
    if (list.hidden || !open || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
    const does = {
      ArrowDown: () => choose(open.chosen + 1), ArrowUp: () => choose(open.chosen - 1),
      Enter: put, Tab: put, Escape: () => shut(open.start),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    open.chosen = [...list.children].indexOf(option);
    put();
  });
  form.querySelector("[data-offer-answers]")?.addEventListener("click", async () => {
    field.focus();
    const at = field.selectionStart;
    const all = await offered("/");
    if (all.length) show({ sort: "/", words: "", start: at, fits: all.slice(0, 8) });
    else location.assign("/answers");
  });
})();
