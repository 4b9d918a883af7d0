// The desk: how many rows are chosen; the bar of what can be done with them shows once there is one.
(() => {
  const bar = document.querySelector("[data-desk-bulk]");
  if (!bar) return;
  const chosen = () => document.querySelectorAll('.desk-pick input:checked').length;
  const show = () => {
    const number = chosen();
    bar.querySelector("[data-desk-count]").textContent = number;
    bar.classList.toggle("desk-idle", number === 0);
  };
  document.addEventListener("change", (event) => {
    if (event.target.closest(".desk-pick")) show();
  });
  show();
})();
