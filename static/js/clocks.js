"use strict";

// Countdowns: the page shows them right as it was sent; this keeps them right while it stays open.
(() => {
  const clocks = [...document.querySelectorAll("[data-due]")];
  if (!clocks.length) return;

  const SOON = 10 * 60000;

  const inWords = (minutes) => {
    if (minutes < 60) return `${minutes} 分`;
    if (minutes < 1440) return `${Math.floor(minutes / 60)} 小时 ${String(minutes % 60).padStart(2, "0")} 分`;
    return `${Math.floor(minutes / 1440)} 天 ${Math.floor((minutes % 1440) / 60)} 小时`;
  };

  const show = () => {
    const now = Date.now();
    clocks.forEach((clock) => {
      const left = Date.parse(clock.dataset.due) - now;
      const words = clock.querySelector("[data-remaining]");
      if (!words || Number.isNaN(left)) return;
      const late = left < 0;
      words.textContent = late ? inWords(Math.ceil(-left / 60000)) : `剩 ${inWords(Math.floor(left / 60000))}`;
      if (left > SOON) return;
      clock.classList.remove("light-green", "light-yellow");
      clock.classList.add(late ? "light-red" : "light-yellow");
      clock.querySelector("span").textContent = late ? "逾期" : "临期";
    });
  };

  show();
  setInterval(show, 5000);
})();
