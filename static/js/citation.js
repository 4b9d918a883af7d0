"use strict";

// Copies the citation; where copying is not allowed the text stays open to be selected.
(() => {
  document.querySelectorAll("details[data-citation]").forEach((box) => {
    const text = box.querySelector("[data-citation-text]");
    const status = box.querySelector("[role=status]");
    box.querySelector("summary").addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent.trim());
        status.textContent = "已复制到剪贴板";
      } catch {
        status.textContent = "请选中文字后复制";
        window.getSelection().selectAllChildren(text);
      }
    });
  });
})();
