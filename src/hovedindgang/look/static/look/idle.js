// After quiet minutes the page is covered at once: its content leaves the document, what was typed is kept for her, and
// the sign-in ends. Without this file the next click meets the same lock.

const said = document.querySelector("#idle").dataset;
const LIMIT = Number(said.minutes) * 60_000;
const TELL_EVERY = Math.min(LIMIT / 3, 300_000); // the house hears of her while she types and sends nothing
const tabs = new BroadcastChannel("idle");
const began = new Map([...document.forms].map((form) => [form, typedIn(form)]));
let last = Date.now();
let told = last;

function typedIn(form) {
  return new URLSearchParams(new FormData(form)).toString();
}

function token() {
  return document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

function here() {
  last = Date.now();
  tabs.postMessage("here");
  if (last - told < TELL_EVERY) return;
  told = last;
  fetch(said.here, { method: "POST", headers: { "X-CSRFToken": token() } }).catch(() => {});
}

async function lock() {
  const left = [...document.forms].find(
    (form) => form.method === "post" && !form.dataset.draft && typedIn(form) !== (began.get(form) ?? "")
  );
  const desk = document.querySelector("[data-draft]");
  const body = left ? new FormData(left) : new FormData();
  body.set("lock_address", left ? new URL(left.action).pathname + new URL(left.action).search : "");
  body.set("csrfmiddlewaretoken", token());
  const draft = desk && new FormData(desk);
  const way = `${said.locked}?${new URLSearchParams({ next: location.pathname + location.search })}`;
  const cover = document.createElement("main");
  cover.textContent = said.said;
  document.title = said.said;
  document.body.replaceChildren(cover); // at once, whatever the net does
  try {
    if (draft) await fetch(desk.dataset.draft, { method: "POST", body: draft, headers: { "X-Desk": "draft" } });
    await fetch(said.lock, { method: "POST", body });
  } finally {
    location.replace(way);
  }
}

tabs.addEventListener("message", () => (last = Date.now()));
for (const what of ["keydown", "pointerdown", "wheel", "touchstart"]) document.addEventListener(what, here, { passive: true });
const watch = setInterval(() => {
  if (Date.now() - last < LIMIT) return;
  clearInterval(watch);
  lock();
}, 1000);
// A page that comes back from the browser's own memory is asked for anew.
addEventListener("pageshow", (event) => event.persisted && location.reload());
