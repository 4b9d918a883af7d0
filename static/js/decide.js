"use strict";

// On the page of decisions: the button names what it does, a level that differs from the recommended
// one asks for its reason, and follows the recommendation while the page is open. The server checks the same.
(() => {
  const form = document.querySelector("[data-decide]");
  if (!form) return;

  const shortest = Number(form.dataset.shortest);
  const button = form.querySelector("[data-confirm]"), hint = form.querySelector("[data-reason-hint]");
  const follows = form.querySelector("[data-follows]");
  const reason = form.elements.namedItem("reason");
  const drill = button.textContent.includes("演练") ? "演练" : "";
  const NAMES = { 1: "I 级（红色）", 2: "II 级（橙色）", 3: "III 级（黄色）", 4: "IV 级（蓝色）" };

  const nameOf = (chosen, end, keep, recommended) => {
    if (!chosen) return "请选择级别";
    if (end) return `确认终止${drill || "响应"}`;
    if (!keep) return `确认${drill}定为 ${NAMES[chosen]}`;
    const level = (number) => NAMES[number].split("（")[0];
    const kept = form.dataset.current ? `${drill}维持 ${level(form.dataset.current)}` : "不启动";
    return `确认${kept}，不采纳${recommended ? ` ${level(recommended)}` : "解除"}`;
  };

  const show = () => {
    const recommended = document.querySelector("[data-recommended]")?.dataset.recommended ?? "unsure";
    form.querySelectorAll("[data-level]").forEach((choice) => {
      const tag = choice.querySelector("[data-tag]");
      if (choice.dataset.level !== recommended) { tag?.remove(); return; }
      if (tag) return;
      const made = document.createElement("small");
      made.className = "badge-line badge-warn";
      made.dataset.tag = "";
      made.textContent = "系统推荐";
      choice.append(made);
    });
    if (recommended !== "unsure") form.elements.namedItem("recommended").value = recommended;
    const chosen = form.querySelector("[name=level]:checked")?.value;
    const end = chosen === "end", keep = chosen === "keep";
    follows.hidden = keep;
    if (keep && (recommended === "unsure" || recommended === form.dataset.current)) {
      button.textContent = "无需登记";
      button.disabled = true;
      hint.textContent = recommended === "unsure" ? "目前无法研判，没有可以不采纳的推荐" : "推荐与现行一致，没有可以不采纳的推荐";
      hint.classList.remove("is-needed");
      return;
    }
    button.textContent = nameOf(chosen, end, keep, recommended);
    const differs = keep || recommended === "unsure" || (end ? recommended !== "" : chosen !== recommended);
    const missing = shortest - reason.value.trim().length;
    const needed = Boolean(chosen) && differs && missing > 0;
    hint.textContent = !chosen || !differs ? "与推荐一致，选填" : missing > 0 ? `与推荐不同，须写明，还差 ${missing} 字` : "与推荐不同，理由已写明";
    hint.classList.toggle("is-needed", needed);
    button.disabled = !chosen || needed;
  };

  form.addEventListener("input", show);
  form.addEventListener("submit", () => setTimeout(() => { button.disabled = true; }, 0));
  window.addEventListener("pageshow", show);
  document.addEventListener("board:shown", show);
  show();
})();
