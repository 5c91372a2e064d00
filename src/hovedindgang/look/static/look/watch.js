// What concerns her now comes to whatever page she stands on, within a second or so, without touching what she types.
//
// The server says with a short word what is shown; while it says the same, nothing is sent and nothing is drawn. A button
// in here does its deed in the background, but for one that leads on to another page.

const place = document.getElementById("watch");
const EVERY = 1000; // ms; a colleague's alarm may take two seconds, and this is half of it
const AFTER_TROUBLE = 5000;
const STAYS = /\/(decline|withdraw|seen|coming|over|mistake)\/$/;
const TWICE = 2000; // ms between the two presses of F9: one alone is a slip of the finger

let seen = "0"; // nothing is shown, and the server says so by this word
let timer = 0;

async function look() {
  clearTimeout(timer);
  let next = EVERY;
  try {
    const answer = await fetch(place.dataset.watch, { headers: { "X-Watch": seen } });
    if (answer.redirected || answer.status === 401 || answer.status === 403) return; // signed out: the page itself says so
    if (answer.status === 200) show(answer.headers.get("X-Stamp") ?? "", await answer.text());
    else if (answer.status !== 204) next = AFTER_TROUBLE;
  } catch {
    next = AFTER_TROUBLE;
  }
  timer = setTimeout(look, next);
}

/** Draw what is new; where she has the focus in here, it stays on the same thing. */
function show(stamp, text) {
  seen = stamp;
  const id = place.contains(document.activeElement) && document.activeElement.closest("section")?.id;
  place.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
  if (id) document.getElementById(id)?.querySelector("button, a")?.focus();
}

place.addEventListener("submit", async (event) => {
  const to = event.submitter?.getAttribute("formaction") ?? event.target.getAttribute("action");
  if (!STAYS.test(to)) return;
  event.preventDefault();
  const answer = await fetch(to, { method: "POST", body: new FormData(event.target), headers: { "X-Watch": seen } });
  if (answer.status === 409) place.prepend(Object.assign(document.createElement("p"), { className: "watch-wrong", textContent: await answer.text() }));
  else {
    place.contains(document.activeElement) && document.getElementById("main").focus({ preventScroll: true });
    look();
  }
});

// A part of the page that says who else is here. Asking is also how the others see her.
const renewed = document.querySelector("[data-renew]");
const BEAT = 10_000;

async function beat() {
  try {
    const answer = await fetch(renewed.dataset.renew, { headers: { "X-Watch": seen } });
    if (!answer.ok || answer.redirected) return;
    const text = await answer.text();
    if (renewed.innerHTML.trim() !== text.trim()) renewed.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
  } catch {
    // the next beat is the answer to it
  }
}

if (renewed) setInterval(beat, BEAT);

// The alarm works while she types, in any field and on any page. Held down, the key presses itself again.
const alarm = document.getElementById("alarm-form");
let pressed = -TWICE;

if (alarm) {
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "F9" || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (performance.now() - pressed > TWICE) {
        pressed = performance.now();
        place.prepend(Object.assign(document.createElement("p"), { className: "watch-wrong", id: "alarm-again", textContent: alarm.dataset.again }));
        setTimeout(() => document.getElementById("alarm-again")?.remove(), TWICE);
      } else if (pressed > 0) {
        pressed = 1 - TWICE;
        raise();
      }
    },
    true,
  );
}

async function raise() {
  document.getElementById("alarm-again")?.remove();
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      const answer = await fetch(alarm.action, { method: "POST", body: new FormData(alarm), headers: { "X-Watch": seen } });
      if (answer.ok) return look();
    } catch {
      // the next attempt is the answer to it
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  alarm.submit(); // the whole page says what is wrong
}

look();
