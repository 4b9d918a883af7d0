"use strict";

// Every page works without this file. It adds: "/" goes to the search box, a line while a part
// of the page is being read again, menus that close. What a page asks for by itself is marked,
// so that an open page does not keep anybody signed in (foundation/idleness.py).
(() => {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const box = document.querySelector("[data-search-box]");
    if (!box || !box.offsetParent) return;
    event.preventDefault();
    box.focus();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.triggeringEvent) event.detail.headers["X-Poll"] = "true";
  });

  let slow;
  document.addEventListener("htmx:beforeRequest", () => {
    document.body.classList.add("is-loading");
    slow = setTimeout(() => document.body.classList.add("is-slow"), 1000);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    clearTimeout(slow);
    document.body.classList.remove("is-loading", "is-slow");
    if (event.detail.successful) document.querySelector("[data-request-failed]")?.setAttribute("hidden", "");
  });
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => {
    document.addEventListener(name, () => document.querySelector("[data-request-failed]")?.removeAttribute("hidden"));
  });

  // A page that shows success, reached from the form that was sent, has taken in what keeping.js kept.
  try {
    const sent = JSON.parse(localStorage.getItem("kept-sent"));
    if (sent && document.querySelector(".notice-success") && document.referrer && new URL(document.referrer).pathname === sent.from) {
      localStorage.removeItem(sent.key);
      localStorage.removeItem("kept-sent");
    }
  } catch { /* a store that is full or forbidden keeps nothing */ }

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
})();
