"use strict";

// Every page works without this file. It adds: a link to a step opens its form; what was typed
// stays in this browser until it is sent, so that a lost connection loses nothing.
(() => {
  const open = () => {
    const step = location.hash.startsWith("#step-") && document.getElementById(location.hash.slice(1));
    if (step) step.open = true;
  };
  addEventListener("hashchange", open);
  open();

  const key = (form) => `typed:${form.getAttribute("action")}`;
  const words = (form) => [...form.querySelectorAll("textarea")];
  document.querySelectorAll("form.task-form").forEach((form) => {
    const kept = JSON.parse(sessionStorage.getItem(key(form)) || "{}");
    words(form).forEach((area) => {
      if (!area.value && kept[area.name]) area.value = kept[area.name];
    });
    form.addEventListener("input", () => {
      const typed = Object.fromEntries(words(form).map((area) => [area.name, area.value]));
      sessionStorage.setItem(key(form), JSON.stringify(typed));
    });
    form.addEventListener("submit", () => sessionStorage.setItem("sent", key(form)));
  });
  // A page that shows success has taken in what was sent.
  const sent = sessionStorage.getItem("sent");
  if (sent && document.querySelector(".notice-success")) {
    sessionStorage.removeItem(sent);
    sessionStorage.removeItem("sent");
    document.querySelectorAll("form.task-form").forEach((form) => {
      if (key(form) === sent) words(form).forEach((area) => { area.value = area.defaultValue; });
    });
  }
})();
