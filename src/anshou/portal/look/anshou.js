// What makes the pages quicker to use. Every page works without it: links lead to pages, forms are sent as forms.
"use strict";

const dialog = () => document.getElementById("dialog");

// A link that opens its page's form in the dialog instead of leaving the page.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  // What was typed into it a moment ago is to stand in it.
  await window.keepDrafts?.();
  if (await showAgain(link.href)) return;
  const answer = await fetch(link.href, { headers: { "x-fragment": "dialog" } }).catch(() => null);
  document.getElementById("dialog-content").dataset.address = link.href;
  if (answer) await showInDialog(answer, link.href);
  else location.assign(link.href);
});

// The dialog's form: an address to go on to means that it is done, anything else is the form again with what is wrong.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  // A form that only asks goes to its page as it would from a page of its own.
  if (form.method !== "post" || !form.closest("dialog#dialog")) return;
  event.preventDefault();
  // Sent a second time, it would be refused, and stand there as a draft of what has been done.
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  // The attributes, not the properties: a button without one would answer with the page's own address.
  const address = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  const send = () => {
    const body = new FormData(form, event.submitter);
    return fetch(address, { method: "POST", body, headers: { "x-fragment": "dialog" } }).catch(() => null);
  };
  let answer = await send();
  // Perhaps its person has signed in anew beside this page.
  if (answer?.status === 403 && await window.renewForms()) answer = await send();
  const isOver = answer?.headers.get("x-location")?.startsWith("/sign-in");
  if (isOver && !form.matches("[data-draft]") && !await window.renewForms()) {
    release(form);
    document.getElementById("outlived")?.focus();
  }
  else if (!answer || answer.status >= 400 && !answer.headers.get("x-fragment")) await sayUnsent(form, answer);
  else await showInDialog(answer, address);
});

// Nothing came of it, and the form is all there is of what was typed: it stays as it is, with what the answer says.
async function sayUnsent(form, answer) {
  const said = document.getElementById("unsent").content.cloneNode(true);
  const page = new DOMParser().parseFromString(await answer?.text() ?? "", "text/html");
  const why = [...page.querySelectorAll("main .empty > :is(strong, span):not(.small)")].map((one) => one.textContent);
  said.querySelector("[data-why]").textContent = why.join("：");
  for (const old of form.querySelectorAll("[data-unsent]")) old.remove();
  form.querySelector(".body, fieldset")?.prepend(said);
  release(form);
}

function release(form) {
  for (const mark of ["aria-busy", "data-sent"]) form.removeAttribute(mark);
  // It is kept again, or asked about.
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// Forms that were closed half way and are kept nowhere else, by the address that shows them: as they were.
const halfWay = new Map();

async function showAgain(address) {
  const left = halfWay.get(address);
  halfWay.delete(address);
  // What has been kept on the server meanwhile comes from there.
  if (!left?.querySelector("[data-changed]")) return false;
  left.querySelector("form[aria-busy]")?.removeAttribute("aria-busy");
  document.getElementById("dialog-content").dataset.address = address;
  document.getElementById("dialog-content").replaceChildren(left);
  await reveal();
  return true;
}

async function showInDialog(answer, address) {
  const done = answer.headers.get("x-location");
  if (done || !answer.headers.get("x-fragment")) {
    await window.keepDrafts?.();
    // What cannot be kept is asked about by the browser: whoever stays has no form before them that is done with.
    const half = [...document.querySelectorAll("form[data-keep][data-changed]")];
    if (half.some((form) => !form.closest("dialog"))) dialog().close();
    window.location.assign(done || address);
    return;
  }
  const content = document.getElementById("dialog-content");
  content.innerHTML = await answer.text();
  await reveal();
  window.unsent?.restore(content);
}

async function reveal() {
  const box = dialog(), content = document.getElementById("dialog-content");
  if (window.htmx) window.htmx.process(content);
  if (!box.open) box.showModal();
  await afterReveal(content);
  const first = content.querySelector("[aria-invalid=true], [role=alert] a, input:not([type=hidden]), textarea, select, .btn-primary");
  if (first) first.focus();
}

// What was revealed goes when its time is over, and when the dialog closes: nothing of it stays behind in the page.
let remask = 0;

async function afterReveal(content) {
  clearTimeout(remask);
  const shown = content.querySelector("[data-remask]");
  if (!shown) return;
  remask = setTimeout(() => {
    // The event of closing comes a moment later.
    content.replaceChildren();
    dialog().close();
  }, Number(shown.dataset.remask) * 1000);
  const copied = content.querySelector("[data-clipboard]");
  if (!copied) return;
  copied.select();
  // Where the browser refuses, the field stands there to be copied by hand.
  const done = await navigator.clipboard?.writeText(copied.value).then(() => true, () => false);
  const word = content.querySelector("[data-copied-word]");
  if (done && word) word.textContent = word.dataset.copiedWord;
}

// A whole page of what was revealed leads back when its time is over, also out of the browser's memory of pages.
for (const sheet of document.querySelectorAll("[data-leave]")) {
  setTimeout(() => location.replace(sheet.dataset.leaveTo), Number(sheet.dataset.leave) * 1000);
  addEventListener("pageshow", (event) => event.persisted && location.replace(sheet.dataset.leaveTo));
}

document.getElementById("dialog")?.addEventListener("close", () => {
  clearTimeout(remask);
  const content = document.getElementById("dialog-content"), form = content.querySelector("form[data-keep][data-changed]");
  if (form && !content.querySelector("[data-remask]")) halfWay.set(content.dataset.address, content.firstElementChild);
  content.replaceChildren();
});

document.addEventListener("click", (event) => {
  const box = dialog();
  if (event.target === box || event.target.closest("[data-close-dialog]")) box?.close();
});

// Repeating rows: without scripts the buttons ask the server for one row more or less.
document.addEventListener("click", (event) => {
  const more = event.target.closest("button[data-more]");
  const drop = event.target.closest("button[data-drop]");
  if (!more && !drop) return;
  const group = event.target.closest("[data-repeat]");
  if (!group) return;
  event.preventDefault();
  const rows = group.querySelector(":scope > .repeat");
  if (drop) {
    if (rows.children.length > Number(group.dataset.least)) drop.closest(".entry").remove();
    return;
  }
  const next = Number(group.dataset.next);
  group.dataset.next = String(next + 1);
  const model = group.querySelector(":scope > template");
  const row = document.createElement("template");
  row.innerHTML = model.innerHTML.replaceAll(group.dataset.repeat, String(next));
  rows.append(row.content);
  rows.lastElementChild.querySelector("input, textarea, select")?.focus();
});

// A box that ticks all of its kind.
document.addEventListener("change", (event) => {
  const name = event.target.dataset?.all;
  if (!name) return;
  for (const box of event.target.closest("form").querySelectorAll(`input[name="${CSS.escape(name)}"]`)) {
    box.checked = event.target.checked;
  }
});

// A form that only asks leaves out what was not filled in, so that its address says what it asks.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-lean]")) return;
  for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
});

// Leaving a half-written form by accident.
document.addEventListener("input", (event) => {
  event.target.closest("form[data-keep]")?.setAttribute("data-changed", "");
});
document.addEventListener("submit", (event) => event.target.removeAttribute("data-changed"));
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-keep][data-changed]")) event.preventDefault();
});

// The same form is not sent twice by a double click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.hasAttribute("data-sent")) event.preventDefault();
  form.setAttribute("data-sent", "");
  setTimeout(() => form.removeAttribute("data-sent"), 4000);
});

// A link or key that is shown once, into the clipboard.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  await navigator.clipboard?.writeText(field.value);
});
