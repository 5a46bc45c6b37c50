// What answers to the keyboard. An element says its key by `data-key`, and what it is called in the sheet of `?` by
// `data-key-name` where its own words do not do. Nothing happens while somebody types, nor while Chinese is put together.
"use strict";

(() => {
  document.documentElement.classList.add("scripted");

  // 229 is what browsers send while an input method has the key.
  const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229);
  // Nobody types in a box to tick.
  const WRITES = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
  const writes = (event) => event.target.closest?.(WRITES);
  const inDialog = () => document.querySelector("dialog[open]");
  const usable = (element) => !element.disabled && !element.closest("[hidden], [inert], dialog:not([open])");

  function act(aim) {
    if (aim.matches("input[type=radio]")) return chooseReader(aim);
    if (aim.dataset.keyDialog) return openForm(aim.dataset.keyDialog);
    if (aim.matches("a, button, summary")) { aim.click(); return; }
    aim.focus();
  }

  // A move that asks for nothing is confirmed: one key alone must not make it.
  function openForm(address) {
    const link = Object.assign(document.createElement("a"), { href: address });
    link.dataset.dialog = "";
    document.body.append(link);
    link.click();
    link.remove();
  }

  // The reader of what is written already is not changed by a key: a note must not become a message unseen.
  function chooseReader(radio) {
    const text = radio.form.querySelector("textarea");
    if (!text.value.trim() && !radio.checked) radio.click();
    text.focus();
    text.scrollIntoView({ block: "nearest" });
  }

  // j and k: through the rows of a list, else through the entries of a thread.
  function rows() {
    const links = [...document.querySelectorAll("main table.list tbody tr a.number")];
    return links.length ? links : [...document.querySelectorAll("#thread .entry-item")].filter((one) => one.checkVisibility());
  }

  function step(by) {
    const found = rows();
    if (!found.length) return false;
    const at = found.findIndex((one) => one === document.activeElement || one.contains(document.activeElement));
    const isThread = found[0].matches(".entry-item");
    // A thread is read from its end: the first key leads to the last entry.
    const next = at < 0 ? (isThread ? found.length - 1 : 0) : Math.min(found.length - 1, Math.max(0, at + by));
    found[next].focus({ preventScroll: true });
    found[next].scrollIntoView({ block: "nearest" });
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (!isPlain(event) || writes(event) || inDialog()) return;
    if (event.key === "j" || event.key === "k") {
      if (step(event.key === "j" ? 1 : -1)) event.preventDefault();
      return;
    }
    const aim = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find(usable);
    if (!aim) return;
    event.preventDefault();
    act(aim);
  });

  // Ctrl or ⌘ and Enter send what one types in; with Shift as well, and on to the next.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.keyCode === 229) return;
    const form = event.target.closest?.("form[method=post]");
    if (!form) return;
    const onward = form.querySelector('button[name="then"][value="next"]');
    const button = event.shiftKey && onward ? onward : form.querySelector("button.btn-primary");
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  });

  // The sheet: made when it is asked for, from what the page offers at that moment.
  const sheet = document.getElementById("keys");
  const line = (list, keys, words) => {
    const term = document.createElement("dt"), said = document.createElement("dd");
    for (const key of keys) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      term.append(cap, " ");
    }
    said.textContent = words;
    list.append(term, said);
  };

  function nameOf(element) {
    const own = element.dataset.keyName ?? element.getAttribute("aria-label") ?? element.textContent.trim();
    return (own || element.title).replace(/\s+/g, " ");
  }

  function openSheet() {
    const list = sheet.querySelector("dl");
    list.replaceChildren();
    const seen = new Set();
    for (const element of document.querySelectorAll("[data-key]")) {
      if (!usable(element) || seen.has(element.dataset.key)) continue;
      seen.add(element.dataset.key);
      line(list, [element.dataset.key], nameOf(element));
    }
    const found = rows();
    if (found.length) line(list, ["j", "k"], found[0].matches(".entry-item") ? list.dataset.thread : list.dataset.rows);
    for (const note of document.querySelectorAll("[data-key-note]")) line(list, note.dataset.keyNote.split(" "), nameOf(note));
    if (document.querySelector("main form[method=post]")) line(list, ["Ctrl", "Enter"], list.dataset.send);
    if (document.querySelector('main button[name="then"]')) line(list, ["Ctrl", "Shift", "Enter"], list.dataset.next);
    line(list, ["Esc"], list.dataset.close);
    sheet.showModal();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-opens-keys]")) {
      event.target.closest("[popover]")?.hidePopover();
      openSheet();
    }
    if (event.target === sheet || event.target.closest?.("[data-close-keys]")) sheet.close();
  });

  // Numbers and links, into the clipboard; said for a moment where everybody hears it.
  let silence = 0;
  function say(words) {
    let place = document.getElementById("said");
    if (!place) {
      place = Object.assign(document.createElement("div"), { id: "said", className: "said-briefly" });
      place.setAttribute("role", "status");
      document.getElementById("content").append(place);
    }
    place.textContent = words;
    place.classList.add("shown");
    clearTimeout(silence);
    silence = setTimeout(() => place.classList.remove("shown"), 2500);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-copies]");
    if (!button) return;
    const text = new URL(button.dataset.copies, location.origin);
    const copied = button.dataset.copies.startsWith("/") ? text.href : button.dataset.copies;
    const done = await navigator.clipboard?.writeText(copied).then(() => true, () => false);
    say(done ? `${button.dataset.copied} ${copied}` : copied);
  });
})();
