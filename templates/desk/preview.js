// The page of the preview: shows each preview that the server tells of, and stays where it is read.

const WIDTHS = [420, 630, 840, 1050, 1260, 1680, 2100, 2520, 3360];
const PAPER = 794; // CSS pixels across an A4 page at 100 %

const state = document.querySelector("#state");
const units = document.querySelector("#units");
const pages = document.querySelector("#pages");
const problems = document.querySelector("#problems");
const zoom = document.querySelector("#zoom");

const copy = (id) => document.querySelector(id).content.firstElementChild.cloneNode(true);
const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

// --- The connection -------------------------------------------------------------------------

let settled = [];

const events = new EventSource("events");
events.onmessage = (message) => show(JSON.parse(message.data));
events.onerror = () => {
  state.textContent = "The preview has stopped. Start it again with build.py serve.";
  state.dataset.state = "failed";
};

function show(preview) {
  place = placeRead();
  showProblems(preview);
  showParts(preview.parts);
  returnTo(place);
  showUnits(preview.parts);
  tell(preview);
  document.dispatchEvent(new CustomEvent("preview", { detail: preview }));
}

function tell(preview) {
  const total = preview.parts.reduce((sum, part) => sum + part.pages.length, 0);
  const kept = preview.failed && total ? "; the last good pages stay" : "";
  const errors = preview.diagnostics.filter((found) => found.severity === "error").length;
  state.dataset.state = preview.failed ? "failed" : preview.busy ? "busy" : "good";
  if (preview.trouble) state.textContent = `The pages cannot be made${kept}`;
  else if (preview.failed) state.textContent = `${count(errors, "error")}${kept}`;
  else if (preview.busy && !total) state.textContent = "Typesetting for the first time…";
  else if (preview.busy) state.textContent = "Typesetting…";
  else {
    state.textContent = `${count(total, "page")}, up to date${changes(preview.parts)}`;
    settled = preview.parts;
  }
}

// Which statement or other text is not as it was; page numbers alone are no change.
function changes(parts) {
  const shown = (part) => part.pages.map((page) => page.picture.split("?")[0]).join();
  const before = new Map(settled.map((part) => [part.id, shown(part)]));
  const changed = parts.filter((part) => part.source && before.has(part.id) && before.get(part.id) !== shown(part));
  if (!changed.length) return "";
  return `; changed: ${changed[0].title}${changed.length > 1 ? ` and ${changed.length - 1} more` : ""}`;
}

// --- Problems -------------------------------------------------------------------------------

// What was a problem before is the same item as before: who reads it or is at its button stays there.
function showProblems({ diagnostics, trouble }) {
  const found = [...(trouble ? [{ severity: "error", text: trouble }] : []), ...diagnostics];
  const times = new Map();
  for (const each of found) {
    times.set(each.text, (times.get(each.text) ?? 0) + 1);
    each.id = `${times.get(each.text)} ${each.text}`;
  }
  problems.hidden = !found.length;
  problems.querySelector("h2").textContent = count(found.length, "problem");
  reconcile(problems.querySelector("ul"), found, () => copy("#problem-template"), (item, each) => {
    if (item.className) return;
    item.className = each.severity;
    item.querySelector("pre").textContent = each.text;
    const button = item.querySelector("button");
    if (!each.file) return button.remove();
    button.textContent = `Open ${each.file}:${each.line}`;
    button.onclick = () => open(each.file, each.line);
  });
}

async function open(file, line = 1) {
  const answer = await fetch("open", { method: "POST", body: JSON.stringify({ file, line }) });
  state.textContent = (await answer.json()).message;
}

// --- The list of units ----------------------------------------------------------------------

function status(part) {
  if (part.errors) return ["error", count(part.errors, "error")];
  if (part.mark) return ["draft", part.mark.toLowerCase()];
  if (part.warnings) return ["warning", count(part.warnings, "warning")];
  return ["typeset", count(part.pages.length, "page")];
}

function showUnits(parts) {
  reconcile(units, parts, () => copy("#unit-template"), (item, part) => {
    const link = item.querySelector("a");
    const [kind, words] = status(part);
    item.dataset.level = part.level;
    link.href = `#unit-${encodeURIComponent(part.id)}`;
    link.onclick = (event) => goTo(event, part.id);
    item.querySelector(".title").textContent = part.title;
    item.querySelector(".title").lang = part.language;
    const label = item.querySelector(".status");
    label.textContent = words;
    label.dataset.status = kind;
  });
  markPlace();
}

function goTo(event, id) {
  event.preventDefault();
  const section = sectionOf(id);
  section.scrollIntoView();
  section.querySelector("h2").focus({ preventScroll: true });
}

// --- The pages ------------------------------------------------------------------------------

const sectionOf = (id) => [...pages.children].find((section) => section.dataset.id === id);

function showParts(parts) {
  reconcile(pages, parts, () => copy("#part-template"), (section, part) => {
    const heading = section.querySelector("h2");
    heading.id = `unit-${part.id}`;
    heading.tabIndex = -1;
    heading.textContent = part.title;
    heading.lang = part.language;
    section.setAttribute("aria-labelledby", heading.id);
    const button = section.querySelector(".open");
    button.hidden = !part.source;
    button.textContent = part.source;
    button.title = "Open this file in your editor";
    button.onclick = () => open(part.source);
    const edit = section.querySelector(".edit");
    if (edit) {
      edit.hidden = !part.editable;
      // The pages may show a translation, and what was delivered may be in no language that one reads.
      edit.textContent = part.source === `${part.id}.md` ? "Edit" : "Edit the original";
      edit.setAttribute("aria-label", `${edit.textContent}: ${part.title}`);
      edit.onclick = () => document.dispatchEvent(new CustomEvent("edit", { detail: part }));
    }
    showSheets(section.querySelector(".sheets"), part);
  });
}

function showSheets(box, part) {
  while (box.children.length > part.pages.length) box.lastElementChild.remove();
  while (box.children.length < part.pages.length) box.append(newSheet());
  for (const number of fetchOrder(box, part)) {
    const [image, page] = [box.children[number], part.pages[number]];
    const name = page.folio ? `Page ${page.folio}` : `Page ${number + 1} of this unit`;
    image.alt = `${name}: ${part.title}`;
    if (image.dataset.picture === page.picture) continue;
    image.dataset.picture = page.picture;
    // Before the source, so that the browser never fetches a width that it does not want.
    image.sizes = sheetSize();
    image.srcset = WIDTHS.map((width) => `${page.picture.replace("{width}", width)} ${width}w`).join(", ");
  }
}

// The pages of a part in the order in which they are fetched: what is read, what follows, what precedes.
function fetchOrder(box, part) {
  const numbers = [...part.pages.keys()];
  const first = place?.section.contains(box) ? place.number : 0;
  return [...numbers.slice(first), ...numbers.slice(0, first).reverse()];
}

function newSheet() {
  const image = document.createElement("img");
  image.loading = "lazy";
  image.decoding = "async";
  image.onload = () => {
    const ratio = `${image.naturalWidth} / ${image.naturalHeight}`;
    if (image.naturalWidth > image.naturalHeight || !pages.style.getPropertyValue("--sheet"))
      image.style.aspectRatio = ratio;
  };
  return image;
}

function sheetSize() {
  const room = pages.clientWidth - 2 * parseFloat(getComputedStyle(pages).paddingInlineStart);
  const width = zoom.value === "fit" ? Math.min(room, 1.5 * PAPER) : zoom.value * PAPER;
  pages.style.setProperty("--sheet-width", `${width}px`);
  return `${Math.round(width)}px`;
}

function resize() {
  const sizes = sheetSize();
  for (const image of pages.querySelectorAll("img")) image.sizes = sizes;
  returnTo(place);
}

zoom.onchange = resize;
new ResizeObserver(resize).observe(pages);

// --- The place that is read -----------------------------------------------------------------

let place = null;

// The page at a height of the screen, and how much of it is above that.
function placeAt(height) {
  const image = [...pages.querySelectorAll("img")].find((each) => each.getBoundingClientRect().bottom > height);
  if (!image) return null;
  const box = image.getBoundingClientRect();
  const number = [...image.parentElement.children].indexOf(image);
  return { section: image.closest("section"), number, above: (height - box.top) / box.height };
}

const placeRead = () => placeAt(pages.getBoundingClientRect().top);

// That page has its place on the screen again, whatever happened to the pages before it.
function returnTo(before) {
  if (!before?.section.isConnected) return;
  const images = before.section.querySelectorAll("img");
  const box = images[Math.min(before.number, images.length - 1)]?.getBoundingClientRect();
  if (box) pages.scrollTop += box.top - pages.getBoundingClientRect().top + before.above * box.height;
}

function markPlace() {
  const top = pages.getBoundingClientRect().top + 60;
  const read = [...pages.children].find((section) => section.getBoundingClientRect().bottom > top);
  for (const item of units.children) {
    const link = item.querySelector("a");
    const here = item.dataset.id === read?.dataset.id;
    if (here && !link.hasAttribute("aria-current")) {
      link.setAttribute("aria-current", "true");
      link.scrollIntoView({ block: "nearest" });
    } else if (!here) link.removeAttribute("aria-current");
  }
  tellPlace();
}

let telling;
let told;

// The server sets the page amid the screen before all else; what is only scrolled past is not read.
function tellPlace() {
  const { top, height } = pages.getBoundingClientRect();
  const amid = placeAt(top + height / 2);
  if (!amid) return;
  const body = JSON.stringify({ unit: amid.section.dataset.id, page: amid.number });
  if (body === told) return;
  told = body;
  clearTimeout(telling);
  telling = setTimeout(() => fetch("reading", { method: "POST", body }).catch(() => {}), 100);
}

pages.addEventListener("scroll", () => {
  place = placeRead();
  markPlace();
}, { passive: true });

// --- Lists that follow data -----------------------------------------------------------------

// Makes the children of a list those of the data, by id: what stays is the same element as before.
function reconcile(list, data, make, fill) {
  const known = new Map([...list.children].map((child) => [child.dataset.id, child]));
  data.forEach((value, place) => {
    const child = known.get(value.id) ?? make();
    known.delete(value.id);
    child.dataset.id = value.id;
    fill(child, value);
    if (list.children[place] !== child) list.insertBefore(child, list.children[place] ?? null);
  });
  for (const child of known.values()) child.remove();
}
