// The desk by keyboard. Without this file the same form works by its buttons; with it, single keys press them.
//
// One key, one thing: a command where the page has the focus, a letter where a field has it. Whole-form steps are sent
// in the background and their answer replaces the form; keys pressed meanwhile are kept and played afterwards.

import { closeList, list, marked, moveInList } from "./search.js";

const data = JSON.parse(document.getElementById("desk-data").textContent);
const form = () => document.getElementById("desk");
const one = (selector) => document.querySelector(selector);
const TYPED_IN = 'input:not([type="radio"]):not([type="checkbox"]), textarea, select';
const DRAFT_AFTER = 700; // ms after the last key
const RETRY_AFTER = 3000;
const PATIENCE = { draft: 5000, part: 15000, step: 15000 }; // ms until what nobody answers counts as not sent
const REFUSED = { 403: "closed", 409: "before", 413: "too_much" }; // status → what is said

let busy = false;
let waiting = []; // keys pressed while busy
let asked = []; // ids of questions in the order they were opened
let offered = ""; // the follow-up day that the page filled in by itself
let loaded = performance.now();
let looking = null; // AbortController of what is being looked up
let lookedUp = "";
let draftTimer = 0;
let draftSending = null; // one at a time, so that what is older never comes last
let notSaved = false; // she was told so, and has done nothing since
let dirty = false;
let pressed = 0; // keys, so that what comes back late does not take the focus from what she does meanwhile
let keptForHer = true; // what stood here when she was signed out

document.documentElement.classList.add("has-script");

// ------------------------------------------------------------------------------------------------ sending the form

async function send(step, kind, signal) {
  const body = new FormData(form());
  body.set("step", step);
  const answer = await post(form().action, body, kind, signal);
  if (answer.status === 401 || !new URL(answer.url).pathname.startsWith(new URL(form().action).pathname)) {
    signedOut(answer);
    return null;
  }
  if (answer.status >= 500) throw new Error("not answered");
  if (!answer.ok && answer.status !== 422) {
    refused(answer);
    return null;
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** A line that has gone silent ends no request by itself, and she would wait for it without a word. */
async function post(url, body, kind, signal) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error("not answered")), PATIENCE[kind]);
  signal?.addEventListener("abort", () => limit.abort(signal.reason));
  try {
    return await fetch(url, { method: "POST", body, headers: { "X-Desk": kind }, signal: limit.signal });
  } finally {
    clearTimeout(timer);
  }
}

async function step(name) {
  if (busy) return;
  busy = true;
  notSaved = false;
  looking?.abort();
  form().setAttribute("aria-busy", "true");
  try {
    await draftSending;
    clearTimeout(draftTimer);
    const made = await send(name, "step");
    if (made?.getElementById("desk")) replaceForm(made, name);
    // Enter pressed again meant what is saved now, and not the empty form that stands here instead.
    if (name === "save" && one("#receipt")) while (waiting[0] === "Enter") waiting.shift();
  } catch {
    notSaved = true;
    say(data.texts.failed, true);
    waiting = [];
    if (dirty) draftTimer = setTimeout(keepDraft, RETRY_AFTER);
  }
  form().removeAttribute("aria-busy");
  busy = false;
  for (const key of waiting.splice(0)) busy ? waiting.push(key) : play(key);
}

/** The services that can be found are those of the day that is said. */
function learn(made) {
  const told = made.getElementById("desk-data");
  if (told) data.services = JSON.parse(told.textContent).services;
}

function replaceForm(made, name) {
  learn(made);
  form().replaceWith(document.adoptNode(made.getElementById("desk")));
  clearTimeout(draftTimer);
  [loaded, asked, offered, lookedUp, dirty] = [performance.now(), [], "", "", false];
  const wrong = one("#error-summary");
  if (wrong) wrong.focus();
  else rest();
  if (!wrong && ["save", "park", "discard", "take_back"].includes(name.split(":")[0])) scrollTo(0, 0);
  one("#said").textContent = one("#receipt")?.textContent.replace(/\s+/g, " ") ?? "";
  askAgain();
}

/** Renew parts of the page without touching what is being typed. */
async function refresh(name, ids) {
  looking?.abort();
  looking = new AbortController();
  const [key, sent] = [form().elements.key.value, new FormData(form())];
  try {
    const made = await send(name, "part", looking.signal);
    if (!made || busy || form().elements.key.value !== key) return;
    learn(made);
    for (const id of ids) {
      const [old, fresh] = [document.getElementById(id), made.getElementById(id)];
      if (old && fresh && !(old.contains(document.activeElement) && id !== "who")) swap(old, document.adoptNode(fresh), sent);
    }
    if (one("#follows_how")) ask("follows_how");
  } catch (error) {
    if (error.name !== "AbortError" && !notSaved) say(data.texts.offline, true);
  }
}

/** Put `fresh` in the place of `old`; what she typed there since it was `sent` stays, and so does she. */
function swap(old, fresh, sent) {
  const held = document.activeElement;
  for (const field of old.querySelectorAll(TYPED_IN)) {
    const again = field.id && fresh.querySelector(`#${CSS.escape(field.id)}`);
    if (again && field.value !== sent.get(field.name)) again.value = field.value;
  }
  const again = old.contains(held) && fresh.querySelector(here(held));
  const [from, to] = again && held.setRangeText ? [held.selectionStart, held.selectionEnd] : [null, null];
  old.replaceWith(fresh);
  if (again) again.focus({ preventScroll: true });
  if (again && from !== null) again.setSelectionRange(from, to);
}

/** Selects the same field in another drawing of the page. */
const here = (field) => (field.id ? `#${CSS.escape(field.id)}` : `[name="${CSS.escape(field.name ?? "")}"][value="${CSS.escape(field.value ?? "")}"]`);

function signedOut(answer) {
  keptForHer = answer.headers.get("X-Kept") !== "0";
  one("#signed-out").hidden = false;
  one("#signed-out a").focus();
  waiting = [];
}

/** Where the server could not keep it, it comes back on a page that sends it again after signing in. */
function leaveWithAll() {
  dirty = false;
  form().append(Object.assign(document.createElement("input"), { type: "hidden", name: "step", value: "look" }));
  form().submit();
}

/** It was not taken, and sending it again as it is helps nothing; it stands here still. */
function refused(answer) {
  say(data.texts[REFUSED[answer.status] ?? "unread"], true);
  waiting = [];
}

function say(text, late = false) {
  const kept = one("#kept");
  kept.textContent = text;
  kept.classList.toggle("is-late", late);
}

// --------------------------------------------------------------------------------------------------------- drafts

function touched() {
  dirty = true;
  notSaved = false;
  const started = one("#started");
  if (!started.value) started.value = new Date(Date.parse(form().dataset.now) + performance.now() - loaded).toISOString();
  clearTimeout(draftTimer);
  draftTimer = setTimeout(keepDraft, DRAFT_AFTER);
}

async function keepDraft() {
  if (draftSending || busy) {
    draftTimer = setTimeout(keepDraft, DRAFT_AFTER);
    return;
  }
  draftSending = sendDraft();
  await draftSending;
  draftSending = null;
}

async function sendDraft() {
  one("#drafted").value = "1";
  dirty = false;
  try {
    const answer = await post(form().dataset.draft, new FormData(form()), "draft");
    if (answer.status === 401) signedOut(answer);
    else if (answer.status >= 500) retry();
    else if (!answer.ok) refused(answer);
    else if (!notSaved) say(data.texts.kept.replace("%s", new Date().toTimeString().slice(0, 5).replace(":", ".")));
  } catch {
    retry();
  }
}

function retry() {
  dirty = true;
  if (!notSaved) say(data.texts.offline, true);
  draftTimer = setTimeout(keepDraft, RETRY_AFTER);
}

addEventListener("pagehide", () => {
  if (!dirty || busy) return;
  navigator.sendBeacon(form().dataset.draft, new FormData(form()));
});

// ------------------------------------------------------------------------------------------------------ commands

const rest = () => one("#main").focus({ preventScroll: true });

function ask(id) {
  asked = [...asked.filter((other) => other !== id), id];
}

/** The question that digits answer: the one opened last that has no answer yet. */
function question() {
  const open = asked.map((id) => document.getElementById(id)).filter((group) => group?.offsetParent && !group.querySelector(":checked"));
  return chosenService() ? open.at(-1) : undefined;
}

/** Whose identity could be told: she stands here, or her CPR does while she is looked up. */
const somebodyNamed = () => one("#identity")?.offsetParent || one("#cpr")?.value.trim();

const chosenService = () => one("#service input:checked:not(:disabled)");

function digit(number) {
  const group = question();
  const input = group ? group.querySelectorAll("input")[number - 1] : one(`#service input[data-digit="${number}"]`);
  if (!input) return;
  choose(input);
  if (group?.dataset.then) focus(`#${group.dataset.then}`);
}

function choose(input) {
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function focus(selector) {
  const field = one(selector);
  field?.closest("details")?.setAttribute("open", "");
  field?.focus();
  field?.select?.();
}

const acts = {
  focus,
  press: (selector) => one(selector)?.click(),
  check: (selector) => one(selector)?.click(),
  keys: () => one("#keys").showModal(),
  open(selector) {
    const fold = one(selector);
    fold.open = !fold.open;
    if (fold.open) fold.querySelector(TYPED_IN)?.focus();
  },
  next(name) {
    const all = [...form().querySelectorAll(`input[type="radio"][name="${name}"]`)];
    if (name === "identity" && !somebodyNamed()) return;
    choose(all[(all.findIndex((input) => input.checked) + 1) % all.length]);
  },
  outcome: (value) => choose(one(`#outcome input[value="${value}"]`)),
};

/** Do what a key does where the page has the focus; says whether it did anything. */
function command(key) {
  if (key === "Enter") step("save");
  else if (form().dataset.letters !== "on") return false;
  else if (/^[1-9]$/.test(key)) digit(Number(key));
  else if (data.letters[key]) {
    const [act, what] = data.letters[key].split(/:(.*)/s);
    acts[act](what);
  } else return false;
  return true;
}

/** A key that was pressed while the form was being replaced. */
function play(key) {
  const field = document.activeElement;
  if (key === "Escape") rest();
  else if (!field.matches(TYPED_IN) || afterCpr(field, key)) command(key);
  else if (key === "Enter") enterIn(field);
  else if (key.length === 1 && field.setRangeText) {
    field.setRangeText(key, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

const digits = (field) => field.value.replace(/\D/g, "");

/** A letter where a whole CPR stands belongs to no CPR: she goes on, though a refused one took the focus just before. */
const afterCpr = (field, key) => field.id === "cpr" && digits(field).length === 10 && /^\p{L}$/u.test(key);

function enterIn(field) {
  if (field.id === "search" && pick()) return;
  if (field.id === "cpr" && field.value.trim()) lookUp();
  else if (field.id === "name_search" && field.value.trim()) step("find_name");
  else if (field.id === "search" && !chosenService()) return;
  else step("save");
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  pressed += 1;
  if (event.isComposing || one("#keys").open || field.closest?.(".house-header")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    step("save");
  } else if (event.ctrlKey || event.metaKey || event.altKey) return;
  else if (busy && (event.key.length === 1 || event.key === "Enter" || event.key === "Escape")) {
    event.preventDefault();
    if (!event.repeat) waiting.push(event.key);
  } else if (event.key === "Escape") {
    if (!closeList()) rest();
  } else if (field.matches(TYPED_IN)) {
    if (field.id === "search" && moveInList(event.key)) event.preventDefault();
    else if (afterCpr(field, event.key)) {
      if (!event.repeat && command(event.key)) event.preventDefault();
    } else if (event.key === "Enter" && !field.matches("textarea")) {
      event.preventDefault();
      enterIn(field);
    }
  } else if (event.key === "Enter" && field.matches("button, a, summary")) return;
  else if (!event.repeat && command(event.key)) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "desk") return;
  event.preventDefault();
  const button = event.submitter;
  if (button?.dataset.confirm && !confirm(button.dataset.confirm)) return;
  const name = button?.value ?? "save";
  if (name === "find_citizen") lookUp();
  else step(name);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#show-keys")) acts.keys();
  if (event.target.closest("#signed-out a") && !keptForHer) {
    event.preventDefault();
    leaveWithAll();
  }
});

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest('#search-list [role="option"]');
  if (!option) return;
  event.preventDefault();
  pick(option);
});

document.addEventListener("input", (event) => {
  if (!form().contains(event.target)) return;
  touched();
  if (event.target.id === "search") list(data.services, data.texts.none);
  if (event.target.id === "cpr" && digits(event.target).length === 10) lookUp();
});

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!form().contains(input)) return;
  touched();
  if (input.closest("#service")) serviceChosen(input.value);
  else if (input.closest("#outcome")) outcomeChosen(input.value);
  else if (input.name === "on") refresh("look", ["service", "same", "beside"]);
  else if (input.name === "channel") refresh("look", one("#identity")?.offsetParent ? ["medium", "who"] : ["medium"]);
  // Her look-up may be under way: it is asked again, with what was chosen meanwhile.
  else if (input.name === "identity") refresh(one("#cpr")?.value.trim() ? "find_citizen" : "look", ["who", "same", "beside"]);
});

async function lookUp() {
  const [cpr, before] = [one("#cpr").value, pressed];
  rest();
  if (cpr === lookedUp) return;
  lookedUp = cpr;
  await refresh("find_citizen", ["who", "same", "beside"]);
  const wrong = one("#cpr-error");
  if (!wrong) return;
  one("#said").textContent = wrong.textContent;
  // Else the digit that was left out would be taken for a favourite's.
  if (pressed === before) backTo(one("#cpr"));
}

function backTo(field) {
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function serviceChosen(key) {
  const found = data.services.find((service) => service[0] === key);
  const day = one("#promised_on");
  if (found && day && (!day.value || day.value === offered)) day.value = offered = found[4];
  refresh("look", ["same", "beside"]);
}

/** The questions that the page opened with. */
function askAgain() {
  if (one("#follows_how")) ask("follows_how");
  const companion = COMPANIONS[one("#outcome input:checked")?.value];
  if (companion) ask(companion);
}

const COMPANIONS = { come_back: "come_back_reason", passed_on: "department", withdrawn: "withdrawn_why" };

function outcomeChosen(value) {
  if (COMPANIONS[value]) ask(COMPANIONS[value]);
  if (value === "signposted") focus("#place");
}

// ----------------------------------------------------------------------------------------------- the service's list

/** Take the marked service; a favourite lights up in its place, another stands above them. */
function pick(option = marked()) {
  if (!option || one("#search-list").hidden) return false;
  const key = option.dataset.key;
  let input = one(`#service input[data-digit][value="${CSS.escape(key)}"]`);
  const picked = one("#picked");
  picked.hidden = Boolean(input);
  picked.querySelector("input").disabled = Boolean(input);
  if (!input) {
    input = picked.querySelector("input");
    input.value = key;
    picked.querySelector("b").textContent = option.textContent;
  }
  one("#search").value = "";
  closeList();
  choose(input);
  rest();
  return true;
}

document.addEventListener("focusout", (event) => {
  if (event.target.id === "search") closeList();
});

rest();
one("#error-summary")?.focus();
askAgain();
