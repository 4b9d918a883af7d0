"use strict";

// Pages work without this file. It adds: one press ticks all rows, or none; the buttons for several
// tasks say how many are ticked.
(() => {
  document.querySelectorAll("[data-bulk]").forEach((form) => {
    const boxes = [...document.querySelectorAll("input[type=checkbox][name=task]")].filter((box) => box.form === form);
    const all = form.querySelector("[data-check-all]");
    const count = form.querySelector("[data-count]");
    const tell = () => {
      if (count) count.textContent = `已选 ${boxes.filter((box) => box.checked).length} 项`;
    };
    boxes.forEach((box) => box.addEventListener("change", tell));
    if (all && boxes.length) {
      all.hidden = false;
      all.addEventListener("click", () => {
        const tick = boxes.some((box) => !box.checked);
        boxes.forEach((box) => { box.checked = tick; });
        tell();
      });
    }
    tell();
  });
})();
