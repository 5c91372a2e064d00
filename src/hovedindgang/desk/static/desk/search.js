// Find a service by two or three letters: the same ranking as desk/search.py, and the list it is shown in.
//
// A service comes as [key, name, the name's words, its other words, ...], the words folded by the server.

const one = (selector) => document.querySelector(selector);
const FOUND = 8;
const INSIDE = 3;
const NO = 1000;

function fold(text) {
  const spelled = { æ: "ae", ä: "ae", ø: "oe", ö: "oe", å: "aa" };
  return text.toLowerCase().normalize("NFC").replace(/[æäøöå]/g, (letter) => spelled[letter]).normalize("NFKD").replace(/\p{M}/gu, "");
}

function rank(word, { own, other }) {
  if (own[0].startsWith(word)) return 0;
  if (own.some((each) => each.startsWith(word))) return 1;
  if (other.some((each) => each.startsWith(word))) return 2;
  return word.length >= INSIDE && [...own, ...other].some((each) => each.includes(word)) ? 3 : NO;
}

function find(typed, services) {
  const words = fold(typed).match(/[a-z0-9]+/g) ?? [];
  return services
    .map(([key, name, own, other]) => ({ key, name, own: own.split(" "), other: other.split(" ") }))
    .map((service) => [words.reduce((sum, word) => sum + rank(word, service), words.length ? 0 : NO), service])
    .filter(([worth]) => worth < NO)
    .sort(([a, one], [b, two]) => a - b || (one.name < two.name ? -1 : 1))
    .slice(0, FOUND)
    .map(([, service]) => service);
}

/** Show the services that match; `none` is said where there are none. */
export function list(services, none) {
  const [box, field] = [one("#search-list"), one("#search")];
  const found = find(field.value, services);
  box.replaceChildren(...found.map((service, place) => item(service, place)));
  if (!found.length && field.value.trim()) box.append(Object.assign(document.createElement("li"), { className: "none", textContent: none }));
  box.hidden = !field.value.trim();
  field.setAttribute("aria-expanded", String(!box.hidden));
  mark(0);
}

function item(service, place) {
  const made = Object.assign(document.createElement("li"), { id: `found-${place}`, textContent: service.name });
  made.setAttribute("role", "option");
  made.dataset.key = service.key;
  return made;
}

const options = () => [...document.querySelectorAll('#search-list [role="option"]')];
export const marked = () => one('#search-list [aria-selected="true"]');

function mark(place) {
  options().forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
  one("#search").setAttribute("aria-activedescendant", marked()?.id ?? "");
}

export function moveInList(key) {
  const all = options();
  const move = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (!move || !all.length) return false;
  mark((all.indexOf(marked()) + move + all.length) % all.length);
  return true;
}

export function closeList() {
  const box = one("#search-list");
  const was = !box.hidden;
  box.hidden = true;
  one("#search").setAttribute("aria-expanded", "false");
  return was;
}
