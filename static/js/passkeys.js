"use strict";

// Keys of the browser (WebAuthn): a form marked data-passkey asks the browser for a key and sends what it gave.
// "add" registers one, "get" proves one of a known person, "login" lets the browser offer whose keys it has.
(() => {
  const SENTENCES = {
    NotAllowedError: "没有完成验证：已取消、超时或没有可用的密钥。请再试一次，或改用其他方式。",
    InvalidStateError: "这个密钥已经登记过，不必再添加。",
    NotSupportedError: "这台设备或浏览器不支持安全密钥，请改用动态码。",
    SecurityError: "只能在本站的 HTTPS 地址上使用安全密钥，请核对地址栏或联系系统管理员。",
  };
  const OTHERWISE = "密钥没有响应。请再试一次，或改用其他方式。";

  const optionsOf = async (form) => {
    if (form.dataset.passkey !== "login") return JSON.parse(form.dataset.options);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return (await answer.json()).request_options;
  };

  const keyOf = async (form) => {
    const options = await optionsOf(form);
    if (form.dataset.passkey !== "add") return window.webauthnJSON.get(options);
    const alone = form.querySelector("[name=passwordless]")?.checked ?? false;
    const wanted = options.publicKey.authenticatorSelection;
    wanted.residentKey = alone ? "required" : "discouraged";
    wanted.requireResidentKey = alone;
    if (alone) wanted.userVerification = "required";
    return window.webauthnJSON.create(options);
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const error = form.querySelector("[data-passkey-error]");
      const button = form.querySelector("button[type=submit]");
      error.hidden = true;
      button.disabled = true;
      try {
        form.querySelector("[name=credential]").value = JSON.stringify(await keyOf(form));
        form.submit();
      } catch (refusal) {
        error.textContent = SENTENCES[refusal.name] ?? OTHERWISE;
        error.hidden = false;
        button.disabled = false;
      }
    });
  });
})();
