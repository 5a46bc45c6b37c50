// The queue by keyboard, a selection that outlasts a page of it, and the way back to where one was. Every part of it
// works without: boxes are ticked, pages are turned and deeds are sent as forms.
"use strict";

const queue = document.querySelector("[data-queue]");
const KEPT = "anshou-queue";
const read = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
const write = (changes) => sessionStorage.setItem(KEPT, JSON.stringify({ ...read(), ...changes }));

if (document.querySelector("[data-several-done]")) write({ chosen: [] });

if (queue) {
  const list = queue.dataset.queue;
  const form = queue.querySelector("form.several");
  const boxes = form ? [...form.querySelectorAll('tbody input[name="number"]')] : [];
  const whole = form?.querySelector('input[name="whole"]');

  // Another list is another selection; the pages of one list share theirs.
  if (read().list !== list) write({ list, chosen: [], at: "" });
  const chosen = new Set(read().chosen ?? []);

  const show = () => {
    for (const box of boxes) box.checked = chosen.has(box.value);
    const said = form?.querySelector("[data-chosen]");
    if (said) {
      said.dataset.usual ??= said.textContent;
      said.textContent = chosen.size ? `${said.dataset.words} ${chosen.size}` : said.dataset.usual;
    }
    form?.toggleAttribute("data-some", chosen.size > 0);
    write({ chosen: [...chosen] });
  };
  const take = (box) => {
    if (box.checked) chosen.add(box.value);
    else chosen.delete(box.value);
  };

  let last = null;
  form?.addEventListener("click", (event) => {
    const box = event.target.closest('input[name="number"]');
    if (!box) return;
    if (event.shiftKey && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) {
        between.checked = box.checked;
        take(between);
      }
    }
    last = box;
    take(box);
    show();
  });
  form?.addEventListener("change", (event) => {
    if (!event.target.dataset.all) return;
    // The box has ticked those of its page by now.
    queueMicrotask(() => {
      boxes.forEach((box) => { box.checked = event.target.checked; take(box); });
      show();
    });
  });
  form?.addEventListener("reset", (event) => {
    event.preventDefault();
    chosen.clear();
    if (whole) whole.checked = false;
    show();
  });
  // What was chosen on other pages goes along.
  form?.addEventListener("submit", () => {
    const here = new Set(boxes.map((box) => box.value));
    for (const old of form.querySelectorAll("input[data-elsewhere]")) old.remove();
    for (const number of chosen) {
      if (here.has(number)) continue;
      const hidden = document.createElement("input");
      Object.assign(hidden, { type: "hidden", name: "number", value: number });
      hidden.dataset.elsewhere = "";
      form.append(hidden);
    }
  });
  show();

  // `x` takes the row that the keys are on, or gives it back.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
    const box = document.activeElement.closest("tr")?.querySelector('input[name="number"]');
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    take(box);
    show();
  });

  // A title that is cut is shown whole on hovering.
  queue.addEventListener("mouseover", (event) => {
    const cell = event.target.closest("td.whole");
    if (cell && cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent;
  });

  // Into a ticket and back: on the row that one left the list from.
  const links = [...queue.querySelectorAll("tbody a.number")];
  for (const link of links) link.addEventListener("click", () => write({ at: link.textContent }));
  const left = links.find((link) => link.textContent === read().at);
  if (left) {
    left.closest("tr").classList.add("was");
    left.focus({ preventScroll: true });
    left.closest("tr").scrollIntoView({ block: "nearest" });
    write({ at: "" });
  }
}
