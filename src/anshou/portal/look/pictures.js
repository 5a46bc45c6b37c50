// Pictures of a thread, large on their own page: zoomed by keys, wheel or buttons, moved by dragging, one after another.
// Without scripts each opens as a file of its own.
"use strict";

(() => {
  const viewer = document.getElementById("viewer");
  if (!viewer) return;
  const image = viewer.querySelector("img"), caption = viewer.querySelector("[data-caption]");
  const LEAST = 1, MOST = 8, STEP = 1.4;
  let at = 0, zoom = 1, left = 0, top = 0, from = null;

  const all = () => [...document.querySelectorAll("a[data-picture]")];

  function place() {
    // By properties, not by attributes: the content security policy takes no style attributes.
    image.style.transform = `translate(${left}px, ${top}px) scale(${zoom})`;
    viewer.classList.toggle("zoomed", zoom > 1);
  }

  function scale(to) {
    zoom = Math.min(MOST, Math.max(LEAST, to));
    if (zoom === 1) left = top = 0;
    place();
  }

  function show(number) {
    const links = all();
    at = (number + links.length) % links.length;
    const link = links[at];
    image.src = link.href;
    image.alt = link.dataset.picture;
    caption.textContent = `${link.dataset.picture}　${at + 1} / ${links.length}`;
    viewer.querySelector("[data-file]").href = link.href.replace(/\?show$/, "");
    for (const button of viewer.querySelectorAll('[data-view="earlier"], [data-view="later"]')) button.hidden = links.length < 2;
    scale(1);
    if (!viewer.open) viewer.showModal();
  }

  const does = {
    closer: () => scale(zoom * STEP), farther: () => scale(zoom / STEP), whole: () => scale(1),
    earlier: () => show(at - 1), later: () => show(at + 1), close: () => viewer.close(),
  };
  const keys = {
    "+": "closer", "=": "closer", "-": "farther", 0: "whole", ArrowLeft: "earlier", ArrowRight: "later", k: "earlier", j: "later",
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-picture]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(all().indexOf(link));
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-first-picture]") && all().length) show(all().length - 1);
  });
  viewer.addEventListener("click", (event) => {
    const deed = event.target.closest("[data-view]")?.dataset.view;
    if (deed) does[deed]();
    else if (event.target === viewer) viewer.close();
  });
  viewer.addEventListener("keydown", (event) => {
    const deed = keys[event.key];
    if (!deed || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    does[deed]();
  });
  viewer.addEventListener("wheel", (event) => {
    event.preventDefault();
    scale(zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15));
  }, { passive: false });
  image.addEventListener("dblclick", () => scale(zoom > 1 ? 1 : 2.5));
  image.addEventListener("pointerdown", (event) => {
    if (zoom === 1) return;
    event.preventDefault();
    from = { x: event.clientX - left, y: event.clientY - top };
    image.setPointerCapture(event.pointerId);
  });
  image.addEventListener("pointermove", (event) => {
    if (!from) return;
    left = event.clientX - from.x;
    top = event.clientY - from.y;
    place();
  });
  for (const end of ["pointerup", "pointercancel"]) image.addEventListener(end, () => { from = null; });
  // Nothing of a picture stays behind in the page.
  viewer.addEventListener("close", () => image.removeAttribute("src"));
})();
