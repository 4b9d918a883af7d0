"use strict";

// Marks the section being read in the table of contents. Without it the links still work.
(() => {
  const links = new Map();
  document.querySelectorAll("[data-toc] a[href^='#']").forEach((link) => {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target) links.set(target, link);
  });
  if (!links.size || !("IntersectionObserver" in window)) return;

  const targets = [...links.keys()];
  const scroller = document.querySelector("[data-toc]");
  let current = null;

  function mark(target) {
    if (!target || target === current) return;
    if (current) links.get(current).removeAttribute("aria-current");
    current = target;
    const link = links.get(target);
    link.setAttribute("aria-current", "true");
    const { top, bottom } = link.getBoundingClientRect();
    const box = scroller.getBoundingClientRect();
    if (top < box.top || bottom > box.bottom) scroller.scrollTop += top - box.top - box.height / 3;
  }

  // What was read last is the last heading above the line at a quarter of the window.
  function update() {
    const line = window.innerHeight / 4;
    const above = targets.filter((target) => target.getBoundingClientRect().top <= line);
    mark(above.length ? above[above.length - 1] : targets[0]);
  }

  const observer = new IntersectionObserver(update, { rootMargin: "0px 0px -75% 0px", threshold: [0, 1] });
  targets.forEach((target) => observer.observe(target));
  window.addEventListener("hashchange", update);
  update();

  // On the phone the sheet closes when a place was chosen.
  scroller.addEventListener("click", (event) => {
    if (event.target.closest("a") && scroller.matches(":popover-open")) scroller.hidePopover();
  });
})();
