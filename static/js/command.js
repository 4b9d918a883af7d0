"use strict";

// The command screen stays live: its parts are asked for every few seconds and replaced where they
// differ; nothing changed costs one small answer (304). Without this file the page shows the moment
// at which it was loaded. When the connection is lost the page says since when it is stale, its
// countdowns go on by the server's clock, and it goes on asking.
(() => {
  const root = document.querySelector("[data-board]");
  if (!root) return;

  const EVERY = 3500, WAIT = 8000, GONE = 286;
  let tag = "", lastAnswer = Date.now(), skew = 0, over = false;

  // -- words -----------------------------------------------------------------------------------

  const two = (number) => String(number).padStart(2, "0");
  const inWords = (minutes) => {
    if (minutes < 60) return `${minutes} 分`;
    if (minutes < 1440) return `${Math.floor(minutes / 60)} 小时 ${two(minutes % 60)} 分`;
    return `${Math.floor(minutes / 1440)} 天 ${Math.floor((minutes % 1440) / 60)} 小时`;
  };
  const countdown = (milliseconds) => {
    const seconds = Math.floor(Math.abs(milliseconds) / 1000);
    if (seconds >= 3600) return inWords(Math.floor(seconds / 60));
    return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  };
  // The city's time, whatever zone the screen is set to.
  const CITY = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", timeStyle: "medium", hourCycle: "h23" });
  const clockOf = (milliseconds) => CITY.format(milliseconds);
  const write = (place, words) => {
    if (place && place.textContent !== words) place.textContent = words;
  };

  // -- what goes on by itself ------------------------------------------------------------------

  const tick = () => {
    const now = Date.now() + skew;
    write(root.querySelector("[data-clock] span"), clockOf(now));
    root.querySelectorAll("[data-due]").forEach((place) => {
      const left = Date.parse(place.dataset.due) - now;
      if (Number.isNaN(left)) return;
      const late = left < 0;
      write(place.querySelector("[data-countdown]"), late ? `超 ${countdown(left)}` : countdown(left));
      write(place.querySelector("[data-left]"), late ? `超 ${inWords(Math.ceil(-left / 60000))}` : `剩 ${inWords(Math.floor(left / 60000))}`);
      if (!late) return;
      const light = place.querySelector(".light");
      if (!light || light.classList.contains("light-red")) return;
      light.classList.remove("light-green", "light-yellow");
      light.classList.add("light-red");
      write(light.querySelector("[data-state]"), "逾期");
    });
  };

  // -- asking ----------------------------------------------------------------------------------

  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    fresh.querySelectorAll("[data-part]").forEach((part) => {
      const old = root.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!old) return;
      part.querySelectorAll("details[id]").forEach((details) => {
        details.open = Boolean(old.querySelector(`#${details.id}[open]`));
      });
      if (old.isEqualNode(part)) return;
      const links = [...old.querySelectorAll("a, button, summary")];
      const place = links.indexOf(document.activeElement);
      const adopted = document.importNode(part, true);
      old.replaceWith(adopted);
      if (place >= 0) adopted.querySelectorAll("a, button, summary")[place]?.focus({ preventScroll: true });
    });
    tick();
    document.dispatchEvent(new CustomEvent("board:shown"));
  };

  const lost = root.querySelector("[data-lost]");
  const heard = (response) => {
    lastAnswer = Date.now();
    const said = Date.parse(response.headers.get("Date"));
    // The header has whole seconds: a difference below two is none.
    if (!Number.isNaN(said)) skew = Math.abs(said - lastAnswer) < 2000 ? 0 : said - lastAnswer;
    lost.hidden = true;
    root.classList.remove("is-stale");
  };
  const silent = (why) => {
    write(root.querySelector("[data-lost-since]"), `自 ${clockOf(lastAnswer + skew)} 起没有更新${why}`);
    lost.hidden = false;
    root.classList.add("is-stale");
  };

  const ask = async () => {
    const headers = { "X-Poll": "true", "X-Requested-With": "fetch" };
    if (tag) headers["If-None-Match"] = tag;
    try {
      const response = await fetch(root.dataset.board, {
        headers, cache: "no-store", credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(WAIT),
      });
      if (response.status === GONE || response.status === 403) {
        over = true;
        silent("，您已退出登录，请刷新页面重新登录");
        return;
      }
      if (response.status !== 304 && !response.ok) throw new Error(`status ${response.status}`);
      const html = response.status === 304 ? "" : await response.text();
      heard(response);
      if (!html) return;
      tag = response.headers.get("ETag") || "";
      show(html);
    } catch (error) {
      silent("");
    }
  };

  const again = async () => {
    if (!document.hidden) await ask();
    if (!over) setTimeout(again, EVERY);
  };

  document.addEventListener("visibilitychange", () => { if (!document.hidden && !over) ask(); });
  window.addEventListener("online", () => { if (!over) ask(); });
  window.addEventListener("offline", () => silent(""));
  tick();
  setInterval(tick, 1000);
  setTimeout(again, EVERY);
})();
