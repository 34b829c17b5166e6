// The pane of a statement: a form and a text, saved when asked to, never over another's change.

const pane = document.querySelector("#pane");
let form = null;
let before = {};
let wanted = 0;

document.addEventListener("edit", (event) => openPane(event.detail.id));
document.addEventListener("preview", () => form && !isChanged() && followFile());

// --- Opening and closing --------------------------------------------------------------------

async function openPane(identity) {
  if (!mayLeave()) return;
  const answer = await fetch(`texts/${identity}`);
  if (!answer.ok) return say(await answer.text(), document.querySelector("#state"));
  place(await answer.text());
  pane.hidden = false;
  form.querySelector("h2").focus();
}

function place(html) {
  pane.innerHTML = html;
  form = pane.querySelector("form");
  before = values();
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  form.addEventListener("input", changed);
  form.addEventListener("click", clicked);
  render();
}

// A pane in which nothing was changed shows the file as it is now.
function followFile() {
  const isNews = (html) => !html.includes(form.dataset.digest) && !isChanged();
  return reload("The file was changed on disk; this is what it holds now.", isNews);
}

// Shows the file anew, and says so; what stays of a conflict stays. By then the pane may be another's.
async function reload(words, isWanted = () => true) {
  const shown = form;
  const answer = await fetch(`texts/${form.dataset.identity}`);
  const html = await answer.text();
  if (form !== shown) return;
  if (!answer.ok) return say(html);
  if (!isWanted(html)) return;
  const focus = document.activeElement?.id;
  const [unfolded, scrolled] = [form.querySelector("details").open, pane.scrollTop];
  const kept = form.querySelector(".answer");
  place(html);
  form.querySelector(".answer").replaceWith(kept);
  setAside();
  form.querySelector("details").open = unfolded;
  pane.scrollTop = scrolled;
  if (focus) document.getElementById(focus)?.focus();
  say(words);
}

function close() {
  if (!mayLeave()) return;
  const { identity } = form.dataset;
  pane.hidden = true;
  pane.replaceChildren();
  form = null;
  clearTimeout(wanted);
  const section = [...document.querySelectorAll("#pages > section")].find((each) => each.dataset.id === identity);
  section?.querySelector(".edit").focus();
}

const mayLeave = () => !form || !isChanged() || confirm("Close without saving your changes?");
const say = (words, where = form.querySelector("[role=status]")) => { where.textContent = words; };

addEventListener("beforeunload", (event) => { if (form && isChanged()) event.preventDefault(); });
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s" && form) { event.preventDefault(); save(); }
});

function clicked({ target }) {
  if (target.matches(".close")) close();
  if (target.matches(".remove")) {
    const list = target.closest("ol");
    target.closest("li").remove();
    list.parentElement.querySelector(".add").focus();
    changed();
  }
  if (target.matches(".add")) {
    const list = target.closest("fieldset");
    const number = Date.now();
    const item = list.querySelector("template").innerHTML.replaceAll("NUMBER", number);
    list.querySelector("ol").insertAdjacentHTML("beforeend", item);
    list.querySelector("ol > li:last-child :is(input, textarea, select)").focus();
    changed();
  }
  if (target.matches(".mine")) save(target.dataset.digest);
  if (target.matches(".theirs")) reload("This is the file as it is; your version is below the heading.");
}

// --- Values ---------------------------------------------------------------------------------

const RECORD = "[data-records], [data-record]";
const own = (box, what) => [...box.querySelectorAll(what)].filter((each) =>
  each.parentElement.closest(RECORD) === (box.closest(RECORD) ?? null));

function facts(box) {
  const found = {};
  for (const control of own(box, "[data-key]")) {
    const { key } = control.dataset;
    if ("records" in control.dataset)
      found[key] = [...control.querySelector("ol").children].map((item) => withoutEmpty(facts(item)));
    else if ("record" in control.dataset) found[key] = withoutEmpty(facts(control));
    else if ("lines" in control.dataset)
      found[key] = control.value.split("\n").map((line) => line.trim()).filter(Boolean);
    else found[key] = control.value.split(/\s*\n\s*/).join(" ").trim();
  }
  return found;
}

const isEmpty = (value) => Object.keys(value).length === 0;
const withoutEmpty = (record) => Object.fromEntries(Object.entries(record).filter(([, value]) => !isEmpty(value)));
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function values() {
  return { ...facts(form.querySelector(".facts")), "": form.elements.body.value };
}

// What differs from the file that was opened: a key that was emptied is taken away.
function changes() {
  const now = values();
  const keys = Object.keys(now).filter((key) => key && !same(now[key], before[key]));
  const matter = Object.fromEntries(keys.map((key) => [key, isEmpty(now[key]) ? null : now[key]]));
  return { matter, body: now[""] === before[""] ? null : now[""] };
}

function isChanged() {
  return !same(values(), before);
}

function changed() {
  say(isChanged() ? "Not saved yet" : "");
  clearTimeout(wanted);
  wanted = setTimeout(render, 150);
}

// --- Rendering ------------------------------------------------------------------------------

async function render() {
  const { identity } = form.dataset;
  const frame = form.querySelector("iframe");
  const answer = await fetch(`rendering/${identity}`, { method: "POST", body: form.elements.body.value });
  const html = await answer.text();
  if (!frame.isConnected) return;
  const page = frame.contentDocument;
  if (!page.querySelector("main")) {
    page.documentElement.lang = form.elements.body.lang;
    // No link leads away from the text: the frame may open nothing.
    page.head.innerHTML = '<title>Rendering</title><base target="_blank">' + ["fonts", "tokens", "text", "rendering"]
      .map((name) => `<link rel="stylesheet" href="${new URL(`${name}.css`, document.baseURI)}">`).join("");
    page.body.dir = "auto";
    page.body.innerHTML = '<main class="statement"><div class="text"></div></main>';
  }
  page.querySelector(".text").innerHTML = html;
}

// --- Saving ---------------------------------------------------------------------------------

let saved = Promise.resolve();

// One after the other: a second would else be told that the first had changed the file meanwhile.
function save(digest) {
  saved = saved.then(() => form && send(digest ?? form.dataset.digest));
}

async function send(digest) {
  const [sent, mine] = [form, values()];
  let answer, said;
  try {
    answer = await fetch(`texts/${form.dataset.identity}`, {
      method: "PUT",
      body: JSON.stringify({ digest, ...changes() }),
    });
    said = await answer.json();
  } catch {
    return say("Not saved: the preview does not answer. Copy your text before you leave this page.");
  }
  if (form !== sent) return;
  if (!answer.ok) return tellRefusal(said);
  const isOverAnothers = digest !== form.dataset.digest;
  before = mine;
  form.dataset.digest = said.digest;
  setAside();
  say(isChanged() ? "Saved, but for what you wrote since" : "Saved");
  if (isOverAnothers && !isChanged()) await reload("Saved");
}

function tellRefusal(said) {
  const box = form.querySelector(".answer");
  box.hidden = false;
  box.innerHTML = said.html;
  say(said.message);
  box.focus();
}

// After a conflict both versions stay in sight, but the choice is made.
function setAside() {
  const box = form.querySelector(".answer");
  const kept = [...box.querySelectorAll("details")];
  box.replaceChildren(...kept);
  box.hidden = !kept.length;
}
