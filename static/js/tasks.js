"use strict";

// Every page works without this file. It adds: a link to a step opens its form.
(() => {
  const open = () => {
    const step = location.hash.startsWith("#step-") && document.getElementById(location.hash.slice(1));
    if (step) step.open = true;
  };
  addEventListener("hashchange", open);
  open();
})();
