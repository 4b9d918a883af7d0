"use strict";

// What is typed into form[data-keep] stays in this browser until the portal has taken it in, so that a lost
// connection, a sign-out or a closed page loses nothing. The page works without this file.
//   data-keep     a name for what is written (one record, one form)
//   data-refused  the page already shows what was typed
//   [data-kept]   a line that says what was found; [data-kept-drop] a button that goes back to the page's own,
//                 made here where the page has none
(() => {
  const KEPT_FOR = 14 * 24 * 3600 * 1000;
  const SKIPPED = new Set(["csrfmiddlewaretoken", "seen"]);
  const two = (number) => String(number).padStart(2, "0");
  const said = (moment) => `${moment.getMonth() + 1}月${moment.getDate()}日 ${two(moment.getHours())}:${two(moment.getMinutes())}`;
  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept there */ } },
  };

  const made = () => Object.assign(document.createElement("button"), {
    type: "button", className: "btn", textContent: "放弃找回的内容", hidden: true,
  });

  document.querySelectorAll("form[data-keep]").forEach((form) => {
    const key = `kept:${form.dataset.keep}`;
    const line = form.querySelector("[data-kept]");
    const drop = form.querySelector("[data-kept-drop]") || (line && made());
    const fields = () => [...form.elements].filter((one) => one.name && !SKIPPED.has(one.name) && !["submit", "button", "file", "hidden"].includes(one.type));
    const values = () => fields().map((one) => [one.name, one.value, Boolean(one.checked)]);
    const own = JSON.stringify(values());
    const say = (words, canDrop) => {
      if (!line) return;
      line.hidden = false;
      line.querySelector("span").textContent = words;
      if (drop) drop.hidden = !canDrop;
      if (drop && canDrop && !drop.isConnected) line.append(drop);
    };
    const put = (kept) => {
      const now = fields();
      kept.forEach(([name, value, checked]) => {
        now.filter((one) => one.name === name).forEach((one) => {
          if (one.type === "checkbox" || one.type === "radio") { if (one.value === value) one.checked = checked; }
          else one.value = value;
        });
      });
    };

    const kept = store.get(key);
    if (kept && Date.now() - kept.at < KEPT_FOR && !("refused" in form.dataset) && JSON.stringify(kept.values) !== own) {
      put(kept.values);
      const fold = form.closest("details");
      if (fold) fold.open = true;
      const mark = form.elements.seen, ownMark = mark ? mark.value : "";
      // Sent with the mark of the text it began from, it overwrites nobody: the portal shows both texts.
      if (mark && kept.seen) mark.value = kept.seen;
      if (drop && mark) drop.addEventListener("click", () => { mark.value = ownMark; });
      const older = kept.seen !== ownMark;
      say(`已找回${said(new Date(kept.at))}填写、尚未保存的内容。${older ? "此后平台中的文本已有变动，保存时会列出两份文本供对照。" : ""}`, true);
    }
    form.addEventListener("input", () => {
      const seen = form.elements.seen ? form.elements.seen.value : "";
      if (store.set(key, { at: Date.now(), seen, values: values() })) say(`填写的内容已存在本机（${said(new Date())}），尚未保存到平台。`, false);
    });
    // portal.js forgets it on the page that this form leads to, if that page shows success.
    form.addEventListener("submit", (event) => {
      if (event.submitter && event.submitter.name === "preview") return;
      store.set("kept-sent", { key, from: location.pathname });
    });
    if (drop) drop.addEventListener("click", () => {
      store.drop(key);
      put(JSON.parse(own));
      say("已放弃本机所存内容，恢复为平台中的文本。", false);
    });
  });
})();
