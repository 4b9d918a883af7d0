"use strict";

// The form of the phone works without this file. It adds: buttons that fill in fields, what a depth
// and a moment mean, a draft that outlives a lost page, and sending again when the connection is back.
// The form's own key makes a report that is sent twice one report.
(() => {
  const form = document.querySelector("[data-quick]");
  if (!form) return;

  const NUMERALS = ["", "I", "II", "III", "IV"], WORDS = ["", "红", "橙", "黄", "蓝"];
  const RETRY = 8000, KEPT_FOR = 6 * 3600000, SOON = 10;
  const place = `quickreport:${form.dataset.owner}`;
  const rules = JSON.parse(form.dataset.rules || "[]");
  const two = (number) => String(number).padStart(2, "0");
  // The city's time, whatever zone the phone is set to.
  const CITY = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", timeStyle: "short", hourCycle: "h23" });
  const clock = (moment) => CITY.format(moment);
  const field = (name) => form.elements.namedItem(name);
  const say = (part, words) => {
    part.querySelector("span").textContent = words;
    part.hidden = !words;
  };

  // -- buttons ---------------------------------------------------------------------------------

  form.querySelectorAll("[data-chips], [data-step]").forEach((part) => { part.hidden = false; });

  const change = (target, value) => {
    target.value = value;
    target.dispatchEvent(new Event("input", { bubbles: true }));
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[type=button]");
    if (!button) return;
    const { step, set, fill } = button.dataset;
    if (fill !== undefined) change(field("location"), fill);
    if (set !== undefined) change(document.getElementById(button.dataset.for), set);
    if (step !== undefined) {
      const target = document.getElementById(button.dataset.for);
      const next = target.value === "" ? (step > 0 ? 0 : "") : Number(target.value) + Number(step);
      change(target, next === "" || next < 0 ? "" : next);
    }
    if (button.hasAttribute("data-locate")) locate(button);
  });

  const locator = form.querySelector("[data-locate]");
  if (navigator.geolocation && window.isSecureContext) locator.hidden = false;
  const locate = (button) => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      button.disabled = false;
      const found = `${coords.longitude.toFixed(5)}，${coords.latitude.toFixed(5)}`;
      change(field("location"), `${field("location").value} （${found}）`.trim());
    }, () => {
      button.disabled = false;
      say(waiting, "没有取得位置，请直接写地点。");
    }, { timeout: 10000 });
  };

  // -- what was answered means -------------------------------------------------------------------

  const levelOf = (depth) => rules.find(({ lower, upper, from, to }) =>
    (from ? depth >= lower : depth > lower) && (upper === null || (to ? depth <= upper : depth < upper)));

  const occurred = () => {
    const when = form.querySelector("[name=when]:checked")?.value;
    if (when === "other") return field("occurred_at").value ? new Date(`${field("occurred_at").value}+08:00`) : null;
    const minutes = when === "now" ? 0 : Number(when);
    return new Date(Number(field("opened_at").value) * 1000 - minutes * 60000);
  };

  const explain = () => {
    const chip = form.querySelector("[data-depth-level]"), depth = field("depth_cm").value;
    const rule = depth === "" ? undefined : levelOf(Number(depth));
    chip.hidden = !rule;
    if (rule) {
      chip.className = `chip level-${rule.level}`;
      chip.textContent = `${NUMERALS[rule.level]} ${WORDS[rule.level]}`;
    }
    form.querySelectorAll("[data-set]").forEach((one) => one.setAttribute("aria-pressed", one.dataset.set === depth));
    form.querySelectorAll("[data-fill]").forEach((one) => one.setAttribute("aria-pressed", one.dataset.fill === field("location").value));
    const line = form.querySelector("[data-limit]"), moment = occurred();
    if (!moment || Number.isNaN(moment.getTime())) { line.hidden = true; return; }
    const limit = new Date(moment.getTime() + Number(form.dataset.phoneMinutes) * 60000);
    const left = Math.floor((limit - Date.now()) / 60000);
    say(line, `发生 ${clock(moment)}，电话报告限 ${clock(limit)}`);
    const light = line.querySelector("b");
    light.textContent = left < 0 ? `■ 已超 ${-left} 分` : `${left <= SOON ? "▲" : "●"} 剩 ${left} 分`;
    light.className = `light light-${left < 0 ? "red" : left <= SOON ? "yellow" : "green"}`;
  };

  const nearby = () => {
    const unit = field("unit"), name = unit.selectedOptions ? unit.selectedOptions[0].textContent.trim() : "";
    const spots = [...form.querySelectorAll("[data-fill]")];
    const own = spots.filter((spot) => name && spot.dataset.street && name.startsWith(spot.dataset.street.replace(/街道.*$/, "")));
    spots.forEach((spot, number) => { spot.hidden = own.length ? !own.includes(spot) : number > 7; });
  };

  // -- the draft -------------------------------------------------------------------------------------

  const saved = form.querySelector("[data-saved]"), waiting = form.querySelector("[data-waiting]");
  const SKIPPED = new Set(["csrfmiddlewaretoken", "pictures"]);

  const save = () => {
    const values = {};
    new FormData(form).forEach((value, name) => { if (!SKIPPED.has(name)) values[name] = value; });
    try {
      localStorage.setItem(place, JSON.stringify({ at: Date.now(), values }));
      const now = new Date();
      say(saved, `草稿已存 ${clock(now)}:${two(now.getSeconds())}`);
    } catch { /* A full or forbidden store: the form itself still holds everything. */ }
  };
  const forget = () => { try { localStorage.removeItem(place); } catch { /* as above */ } };

  const restore = () => {
    let draft = null;
    try { draft = JSON.parse(localStorage.getItem(place)); } catch { /* none */ }
    if (!draft || form.dataset.refused || Date.now() - draft.at > KEPT_FOR) return;
    form.querySelectorAll("[type=checkbox]").forEach((box) => { box.checked = box.name in draft.values; });
    Object.entries(draft.values).forEach(([name, value]) => {
      const target = field(name);
      if (!target) return;
      if (target instanceof RadioNodeList) target.value = value;
      else if (target.type !== "checkbox") target.value = value;
    });
    say(saved, `已找回 ${clock(new Date(draft.at))} 的草稿`);
  };

  // -- sending -----------------------------------------------------------------------------------------

  let sending = false, again = 0;
  const button = form.querySelector("[data-send]");

  const send = async () => {
    if (sending) return;
    clearTimeout(again);
    sending = true;
    form.classList.add("is-sending");
    button.textContent = "正在发送";
    try {
      const response = await fetch(form.action || location.href, { method: "POST", body: new FormData(form), credentials: "same-origin", headers: { "X-Requested-With": "fetch" } });
      if (response.status === 201) {
        const { url } = await response.json();
        forget();
        location.assign(url);
        return;
      }
      if (response.redirected) say(waiting, "您已退出登录。填写的内容已存在本机，重新登录后打开本页即可找回。");
      else if (response.status === 400) { form.submit(); return; }
      else throw new Error(`status ${response.status}`);
    } catch {
      say(waiting, "没有网络，内容已存在本机，恢复后自动发送；急事请先打电话。");
      again = setTimeout(send, RETRY);
    }
    sending = false;
    form.classList.remove("is-sending");
    button.textContent = "再发一次";
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
    send();
  });
  window.addEventListener("online", () => { if (!waiting.hidden && again) send(); });
  form.addEventListener("input", () => { explain(); save(); });
  form.addEventListener("change", (event) => {
    nearby();
    explain();
    if (event.target.type === "file") {
      const chosen = event.target.files.length;
      form.querySelector("[data-pictures]").textContent = chosen ? `已选 ${chosen} 个` : "拍照、录像或选取";
    }
  });

  restore();
  nearby();
  explain();
  setInterval(explain, 15000);
})();
