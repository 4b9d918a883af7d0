"use strict";

// What is typed into form[data-whole] stays in this browser until the portal has taken it in, rows that were
// added on the page among it. Taking it back sends it once to the page, which stores nothing and shows it.
// The page works without this file.
(() => {
  const KEPT_FOR = 14 * 24 * 3600 * 1000;
  const SENT = "whole-sent";
  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full: the page still works */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept there */ } },
  };

  // A page that shows success has taken in what was sent.
  const sent = store.get(SENT);
  if (sent && document.querySelector(".notice-success")) {
    store.drop(sent);
    store.drop(SENT);
  }

  document.querySelectorAll("form[data-whole]").forEach((form) => {
    const key = `whole:${form.dataset.whole}`;
    const line = form.querySelector("[data-kept]");
    const values = () => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
    const own = JSON.stringify(values());
    const keep = () => store.set(key, { at: Date.now(), values: values() });

    const kept = store.get(key);
    if ("refused" in form.dataset) keep();
    else if (kept && Date.now() - kept.at < KEPT_FOR && JSON.stringify(kept.values) !== own) {
      line.hidden = false;
      line.querySelector("span").textContent = `${new Date(kept.at).toLocaleString("zh-CN")}在本机填写、尚未保存的内容还在。`;
      line.querySelector("[data-kept-take]").addEventListener("click", () => {
        const back = document.createElement("form");
        back.method = "post";
        back.hidden = true;
        [...kept.values, ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value], ["step", "keep"]].forEach(([name, value]) => {
          const area = document.createElement("textarea");
          area.name = name;
          area.value = value;
          back.append(area);
        });
        document.body.append(back);
        back.submit();
      });
      line.querySelector("[data-kept-drop]").addEventListener("click", () => {
        store.drop(key);
        line.hidden = true;
      });
    }
    form.addEventListener("input", keep);
    form.addEventListener("submit", (event) => {
      keep();
      if (!event.submitter || !["step", "preview"].includes(event.submitter.name)) store.set(SENT, key);
    });
  });
})();
