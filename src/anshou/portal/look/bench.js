// The desk of reconciliation: lines come as they are needed, what is ticked stays ticked across pages and searches, the
// difference runs along, and a match answers with what changed. All of it works without, page by page.
"use strict";

const form = document.querySelector("form[data-bench]");
const sides = { external: form.querySelector('[data-side="external"]'), internal: form.querySelector('[data-side="internal"]') };
const other = { external: "internal", internal: "external" };
// What is ticked, whether it is on the screen or not: id -> { side, fen, words }.
const chosen = new Map();
const fetching = { headers: { "x-fragment": "bench" } };

const yuan = (fen) => `${fen < 0 ? "-" : ""}¥${(Math.abs(fen) / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2 })}`;
const boxes = (side) => [...sides[side].querySelectorAll("tbody input[type=checkbox]")];
const sideOf = (box) => box.closest("[data-side]").dataset.side;
const boxOf = (id) => document.getElementById(`l-${id}`);

function tick(box) {
  if (box.checked) chosen.set(box.value, { side: sideOf(box), fen: Number(box.dataset.fen), words: box.getAttribute("aria-label") });
  else chosen.delete(box.value);
  addUp();
}

function addUp() {
  const sums = { external: 0, internal: 0 };
  for (const line of chosen.values()) sums[line.side] += line.fen;
  for (const side of Object.keys(sums)) form.querySelector(`[data-sum="${side}"]`).textContent = yuan(sums[side]);
  const difference = form.querySelector('[data-sum="difference"]');
  difference.textContent = yuan(sums.external - sums.internal);
  difference.classList.toggle("lacking", sums.external !== sums.internal);
  form.querySelector("[data-chosen]").textContent = String(chosen.size);
}

// Lines that are ticked but not on the screen stand below the columns, to be unticked there.
function showTray() {
  const tray = form.querySelector("[data-tray]");
  tray.replaceChildren();
  for (const [id, line] of chosen) {
    if (boxOf(id)) continue;
    const entry = document.createElement("li");
    entry.dataset.side = line.side;
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "line", value: id, checked: true, className: "form-check-input" });
    box.dataset.fen = line.fen;
    box.setAttribute("aria-label", line.words);
    const label = document.createElement("label");
    label.append(box, ` ${line.words}`);
    entry.append(label);
    tray.append(entry);
  }
}

function asked(side, words) {
  const query = new URLSearchParams(["source", "account", "month"].map((name) => [name, form.elements[name].value]));
  query.set("side", side);
  query.set("q", words);
  query.set("order", form.dataset.order);
  return `/reconciliation/bench/lines?${query}`;
}

// The first page of a side, for these words.
async function fill(side, words) {
  const answer = await fetch(asked(side, words), fetching);
  if (!answer.ok) return;
  const body = sides[side].querySelector("tbody");
  body.innerHTML = await answer.text();
  sides[side].dataset.words = words;
  sides[side].querySelector("[data-count]").textContent = answer.headers.get("x-count");
  settle(side);
}

// The next page, in the place of the row that asks for it.
async function more(side) {
  const row = sides[side].querySelector("tr.more");
  if (!row || row.hasAttribute("aria-busy")) return;
  row.setAttribute("aria-busy", "true");
  const answer = await fetch(row.dataset.at, fetching);
  if (!answer.ok) return row.removeAttribute("aria-busy");
  row.insertAdjacentHTML("afterend", await answer.text());
  row.remove();
  settle(side);
}

const nearing = new IntersectionObserver((seen) => {
  for (const one of seen) if (one.isIntersecting) more(sideOf(one.target));
}, { rootMargin: "600px" });

function settle(side) {
  for (const box of boxes(side)) box.checked = chosen.has(box.value);
  showTray();
  const row = sides[side].querySelector("tr.more");
  if (row) nearing.observe(row);
}

async function go(box, key) {
  const side = sideOf(box);
  if (!sides[side].contains(box)) return;
  const at = boxes(side).indexOf(box);
  if (key === "j" && at + 1 === boxes(side).length) await more(side);
  const there = key === "h" ? "external" : key === "l" ? "internal" : side;
  const step = there === side ? { j: 1, k: -1 }[key] ?? 0 : 0;
  (boxes(there)[at + step] ?? (step < 0 ? box : boxes(there).at(-1)))?.focus();
}

function say(html) {
  form.querySelector("[data-said]").innerHTML = html;
}

// Match or explain what is ticked; what is left is in place when the answer comes.
async function send(deed) {
  const ids = [...chosen.keys()];
  const body = new FormData(form);
  body.delete("line");
  for (const id of ids) body.append("line", id);
  body.set("deed", deed);
  form.setAttribute("aria-busy", "true");
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, ...fetching });
  form.removeAttribute("aria-busy");
  const text = await answer.text();
  if (!answer.headers.get("x-fragment")) return window.location.reload();
  if (!answer.ok) return say(text);
  document.querySelector("[data-tallies]").outerHTML = text;
  say(document.querySelector("[data-told]").innerHTML);
  await takeAway(ids);
}

async function takeAway(ids) {
  const first = ids.map(boxOf).find((box) => box && sideOf(box) === "external");
  const at = first ? boxes("external").indexOf(first) : 0;
  for (const id of ids) {
    const count = sides[chosen.get(id).side].querySelector("[data-count]");
    count.textContent = String(Number(count.textContent) - 1);
    boxOf(id)?.closest("tr").remove();
    document.querySelector(`.offers input[value="${id}"]`)?.closest("li").remove();
    chosen.delete(id);
  }
  form.elements.note.value = "";
  addUp();
  showTray();
  // A side that was narrowed to one amount shows everything again.
  for (const side of Object.keys(sides)) if (sides[side].dataset.words !== form.elements.q.value) await fill(side, form.elements.q.value);
  if (at >= boxes("external").length) await more("external");
  (boxes("external")[at] ?? boxes("external").at(-1) ?? form.elements.q).focus();
}

// The other side narrowed to the amount of this line: what it may be.
async function findAmount(box) {
  const there = other[sideOf(box)];
  await fill(there, yuan(Math.abs(Number(box.dataset.fen))).replace(/[¥,]/g, ""));
  boxes(there)[0]?.focus();
}

async function search() {
  const words = form.elements.q.value.trim();
  await Promise.all(Object.keys(sides).map((side) => fill(side, words)));
  const address = new URL(window.location.href);
  address.searchParams.set("q", words);
  history.replaceState(null, "", address);
  boxes("external")[0]?.focus();
}

form.addEventListener("change", (event) => {
  if (event.target.matches("input[name=line]")) tick(event.target);
});

form.addEventListener("submit", (event) => {
  const deed = event.submitter?.value ?? "search";
  if (deed === "merge") return;
  event.preventDefault();
  if (deed === "search") search();
  else send(deed);
});

form.addEventListener("click", (event) => {
  if (event.target.closest("tr.more a")) {
    event.preventDefault();
    more(sideOf(event.target));
  }
});

form.addEventListener("keydown", (event) => {
  const box = event.target.closest("tbody input[type=checkbox]");
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Enter" && event.target.name === "note") {
    event.preventDefault();
    send("match");
  }
  if (event.key === "Escape" && event.target.name === "q") {
    event.target.value = "";
    search();
  }
  if (!box) return;
  const does = {
    j: () => go(box, "j"), k: () => go(box, "k"), h: () => go(box, "h"), l: () => go(box, "l"),
    f: () => findAmount(box), m: () => send("match"), Enter: () => send("match"), u: clear,
    e: () => form.elements.note.focus(), "/": () => form.elements.q.focus(),
  }[event.key];
  if (!does) return;
  event.preventDefault();
  event.stopPropagation();
  does();
});

function clear() {
  for (const id of chosen.keys()) if (boxOf(id)) boxOf(id).checked = false;
  chosen.clear();
  showTray();
  addUp();
}

form.querySelector("[data-clear]").addEventListener("click", clear);
for (const box of form.querySelectorAll("input[name=line]:checked")) tick(box);
addUp();
for (const side of Object.keys(sides)) {
  sides[side].dataset.words = form.elements.q.value;
  settle(side);
}
// The first line is where the keyboard begins, also after a match.
if (!document.activeElement || document.activeElement === document.body) boxes("external")[0]?.focus({ preventScroll: true });
