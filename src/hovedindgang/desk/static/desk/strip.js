// The strip counter's keys: each press counts one, also those pressed before the answer to the last has come.
const form = () => document.getElementById("strip");
let line = Promise.resolve();

function count(what) {
  const body = new FormData(form());
  body.set("count", what);
  body.set("key", crypto.randomUUID());
  line = line.then(() => send(body)).catch(() => sendAsPage(body));
}

/** What was not counted is sent as without this file: the answer says what is wrong, and how it is sent again. */
function sendAsPage(body) {
  for (const name of ["count", "key"]) {
    const field = form().querySelector(`input[name="${name}"]`) ?? document.createElement("input");
    form().append(Object.assign(field, { type: "hidden", name, value: body.get(name) }));
  }
  form().submit();
}

async function send(body) {
  const answer = await fetch(location.href, { method: "POST", body });
  const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("strip");
  if (!made) throw new Error("not counted");
  form().replaceWith(document.adoptNode(made));
}

document.addEventListener("keydown", (event) => {
  if (form().dataset.letters !== "on" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (target?.value) count(target.value);
  else target?.click();
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "strip") return;
  event.preventDefault();
  count(event.submitter.value);
});
