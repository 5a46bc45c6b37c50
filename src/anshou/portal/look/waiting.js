// What a page says while it waits: that the network is gone, or that the next page takes its time.
"use strict";

(() => {
  const banner = document.getElementById("offline");
  if (!banner) return;
  const tell = () => { banner.hidden = navigator.onLine; };
  addEventListener("offline", tell);
  addEventListener("online", tell);
  tell();

  // Nothing is sent into the void: the browser's own page would take the place of what was typed.
  document.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    tell();
    banner.querySelector("[data-kept]").hidden = false;
    banner.focus();
  }, true);
  addEventListener("online", () => { banner.querySelector("[data-kept]").hidden = true; });

  // Not at once: most pages are there before anybody wonders. A file that is fetched leaves the page where it is.
  const SOON = 400;
  const LATEST = 20000;
  let coming = 0;
  function wait() {
    clearTimeout(coming);
    coming = setTimeout(() => {
      document.documentElement.dataset.busy = "";
      coming = setTimeout(rest, LATEST);
    }, SOON);
  }
  function rest() {
    clearTimeout(coming);
    delete document.documentElement.dataset.busy;
  }
  document.addEventListener("submit", (event) => {
    const elsewhere = event.target.closest("dialog") || event.target.target;
    if (!event.defaultPrevented && !elsewhere) wait();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const stays = !link || link.target || link.hasAttribute("download") || link.origin !== location.origin;
    const aside = event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button;
    if (stays || aside || (link.pathname === location.pathname && link.hash)) return;
    wait();
  });
  addEventListener("pageshow", rest);
  addEventListener("pagehide", rest);
})();
