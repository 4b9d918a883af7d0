"use strict";

// The board works without this file: each card has a link to a page that moves it. It adds: cards
// are dragged, and what a step needs is asked in a dialog over the board. The server decides what
// may be moved where; it answers with a form, a refusal, or 204 when the card has moved.
(() => {
  const board = document.querySelector("[data-board]");
  const dialog = document.querySelector("[data-move-dialog]");
  if (!board || !dialog) return;
  const failed = document.querySelector("[data-request-failed]");
  let dragged = null;

  const ask = async (url, options = {}) => {
    const answer = await fetch(url, { ...options, headers: { "X-Fragment": "1" } }).catch(() => null);
    if (answer && answer.status === 204) {
      location.reload();
      return;
    }
    // Signed out meanwhile, or a page that is not ours: let the browser show it.
    if (answer && answer.redirected) {
      location.assign(answer.url);
      return;
    }
    if (!answer || answer.status >= 500) {
      if (dialog.open) dialog.close();
      failed.hidden = false;
      failed.scrollIntoView({ block: "nearest" });
      return;
    }
    dialog.innerHTML = await answer.text();
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector("input:not([type=hidden]), textarea, .move-targets a, button, .btn");
    if (first) first.focus();
  };

  const asked = (url, to) => ask(`${url}?to=${encodeURIComponent(to)}`);

  board.addEventListener("click", (event) => {
    const link = event.target.closest("[data-move]");
    if (!link) return;
    event.preventDefault();
    ask(link.closest("[data-move-url]").dataset.moveUrl);
  });
  dialog.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    if (link.hasAttribute("data-close")) {
      event.preventDefault();
      dialog.close();
    } else if (link.hasAttribute("data-move-to")) {
      event.preventDefault();
      ask(link.href);
    }
  });
  dialog.addEventListener("submit", (event) => {
    const form = event.target;
    event.preventDefault();
    form.querySelector("button[type=submit]").disabled = true;
    ask(form.action, { method: "POST", body: new FormData(form) });
  });

  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-move-url]");
    if (!dragged) return;
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.moveUrl);
  });
  const leave = () => board.querySelectorAll(".board-over").forEach((column) => column.classList.remove("board-over"));
  board.addEventListener("dragend", () => {
    leave();
    if (dragged) dragged.classList.remove("is-dragged");
    dragged = null;
  });
  board.addEventListener("dragover", (event) => {
    const column = event.target.closest("[data-state]");
    if (!dragged || !column) return;
    event.preventDefault();
    leave();
    if (!column.contains(dragged)) column.classList.add("board-over");
  });
  board.addEventListener("drop", (event) => {
    const column = event.target.closest("[data-state]");
    if (!dragged || !column) return;
    event.preventDefault();
    leave();
    if (!column.contains(dragged)) asked(dragged.dataset.moveUrl, column.dataset.state);
  });
})();
