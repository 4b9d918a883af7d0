"use strict";

// Keeps the confirm button of an import true: how many records it writes, and why it is off.
// Without it the server says the same after pressing.
(() => {
  const form = document.querySelector("form[data-import]");
  if (!form) return;
  const button = form.querySelector("[data-confirm]");
  const reason = form.querySelector("[data-reason]");
  const counter = document.querySelector("[data-settled]");
  const base = Number(form.dataset.writes);

  function conflicts() {
    return [...form.querySelectorAll("fieldset[data-conflict]")].map((set) => set.querySelector("input:checked"));
  }

  function update() {
    const chosen = conflicts();
    const open = chosen.filter((input) => !input).length;
    const seen = [...form.querySelectorAll("input[data-seen]")];
    const unseen = seen.filter((input) => !input.checked).length;
    const accepted = form.querySelector("input[name=accept]")?.checked;
    const writes = base + chosen.filter((input) => input?.value === "file").length;
    button.textContent = `确认写入 ${writes} 条`;
    const why = [];
    if (open) why.push(`还有 ${open} 条人工改过的记录没有选择`);
    if (unseen && !accepted) why.push(`还有 ${unseen} 处存疑未看`);
    button.disabled = why.length > 0;
    reason.textContent = why.length ? `${why.join("，")}。看完，或勾选上面一项，即可写入。` : "";
    if (counter) counter.textContent = `已看 ${seen.length - unseen + chosen.length - open}，待看 ${unseen + open}`;
  }

  form.addEventListener("change", update);
  update();
})();
