// Keys 1, 2 and 3 answer the arrival that stands first, as its buttons do without this file.
const page = document.getElementById("missing");

document.addEventListener("keydown", (event) => {
  if (page?.dataset.letters !== "on" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, select, textarea")) return;
  page.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});
