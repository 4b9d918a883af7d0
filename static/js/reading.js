"use strict";

// The form for one reading works without this file. It adds: big keys, the unit that belongs to the
// station, and a word when this device's clock differs from the server's.
(() => {
  const form = document.querySelector("[data-reading]");
  if (!form) return;
  const value = form.elements.value;

  const keys = form.querySelector("[data-keys]");
  keys.hidden = false;
  keys.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (!key) return;
    if (key === "back") value.value = value.value.slice(0, -1);
    else if (key !== "." || !value.value.includes(".")) value.value += key;
  });

  const units = JSON.parse(document.getElementById("units").textContent);
  const chooseUnit = () => {
    const unit = units[form.elements.station.value];
    if (unit) form.querySelector(`input[name="unit"][value="${unit}"]`).checked = true;
  };
  form.elements.station.addEventListener("change", chooseUnit);

  const ahead = Math.round((Date.now() - Date.parse(form.dataset.now)) / 1000);
  if (Math.abs(ahead) > Number(form.dataset.skew)) {
    const note = form.querySelector("[data-clock]");
    const minutes = Math.round(Math.abs(ahead) / 60);
    note.textContent = `本机时钟比服务器${ahead > 0 ? "快" : "慢"} ${minutes} 分钟；“刚刚”按服务器时间记，自选时间请核对。`;
    note.hidden = false;
  }
})();
