// The team board: a card is dragged to another column, or moved by keys. Without it each card's own link leads to a form.
"use strict";

(() => {
  const board = document.getElementById("board");
  const said = document.getElementById("board-said");
  let lifted = null;

  const columns = () => [...board.querySelectorAll(".column")];
  const numbers = (column) => [...column.querySelectorAll("li .number")];
  const columnOf = (node) => node.closest?.(".column");

  function aim(column) {
    for (const one of columns()) one.classList.toggle("aimed", one === column);
  }

  // Give it away; what became of it is said, and the board asks for itself what is so now.
  async function send(action, body, focus) {
    const answer = await fetch(action, { method: "POST", body, headers: { "x-fragment": "board" } }).catch(() => null);
    if (!answer?.headers.get("x-fragment")) { window.location.reload(); return; }
    said.innerHTML = await answer.text();
    await refresh();
    document.getElementById(focus)?.querySelector(".number")?.focus({ preventScroll: true });
  }

  async function refresh() {
    const address = new URL(board.getAttribute("hx-get"), window.location.href);
    const answer = await fetch(address, { headers: { "hx-request": "true" } }).catch(() => null);
    if (!answer?.ok || answer.status === 204) return;
    const across = board.querySelector(".board")?.scrollLeft ?? 0;
    board.innerHTML = await answer.text();
    window.htmx?.process(board);
    board.querySelector(".board").scrollLeft = across;
  }

  board.addEventListener("dragstart", (event) => {
    lifted = event.target.closest?.("li[data-number]");
    if (!lifted) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", lifted.dataset.number);
    lifted.classList.add("lifted");
  });
  board.addEventListener("dragover", (event) => {
    const column = columnOf(event.target);
    if (!lifted || !column) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    aim(column === columnOf(lifted) ? null : column);
  });
  board.addEventListener("drop", (event) => {
    const column = columnOf(event.target);
    if (!lifted || !column) return;
    event.preventDefault();
    const card = lifted;
    if (column === columnOf(card)) return;
    card.setAttribute("aria-busy", "true");
    column.querySelector("ul")?.prepend(card);
    const body = new FormData(document.getElementById("board-form"));
    body.set("owner", column.dataset.owner);
    body.set("seen", card.dataset.version);
    send(`/board/move/${card.dataset.number}`, body, card.id);
  });
  board.addEventListener("dragend", () => {
    lifted?.classList.remove("lifted");
    lifted = null;
    aim(null);
  });

  // Nothing is put in its place while somebody holds a card.
  board.addEventListener("htmx:before:request", (event) => { if (lifted) event.preventDefault(); });

  // The form in the dialog and the one that undoes: before the dialog's own way, which would load the page anew.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-board-move]");
    if (!form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const action = form.getAttribute("action");
    document.getElementById("dialog").close();
    send(action, new FormData(form, event.submitter), `card-${action.split("/").pop()}`);
  }, true);

  function beside(card, key) {
    const column = columnOf(card);
    const at = numbers(column).findIndex((number) => card.contains(number));
    if (key === "j" || key === "k") return numbers(column)[at + (key === "j" ? 1 : -1)];
    const all = columns();
    const step = key === "l" ? 1 : -1;
    for (let next = all.indexOf(column) + step; next >= 0 && next < all.length; next += step) {
      const there = numbers(all[next]);
      if (there.length) return there[Math.min(at, there.length - 1)];
    }
    return null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    const card = event.target.closest("#board li[data-number]");
    if (!card) {
      if (event.key === "j") board.querySelector("li .number")?.focus();
      return;
    }
    if (event.key === "m") { event.preventDefault(); card.querySelector(".give").click(); }
    if ("hjkl".includes(event.key) && event.key.length === 1) beside(card, event.key)?.focus();
  });
})();
