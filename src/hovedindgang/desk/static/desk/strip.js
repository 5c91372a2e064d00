// The strip counter's keys: each presses its button.
const form = document.getElementById("strip");
let sent = false;
document.addEventListener("keydown", (event) => {
  if (form.dataset.letters !== "on" || event.ctrlKey || event.metaKey || event.altKey || event.repeat || sent) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (target) target.click();
});
form.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
});
