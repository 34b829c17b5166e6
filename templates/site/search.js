// The search of the site. The build has put all words into an index of small files
// (report/publish/site/search.py); this loads those that a question needs, ranks what they tell, and
// shows it. It makes no markup of any text, and asks nobody but the site itself.

"use strict";

const results = document.getElementById("/results");
const form = document.querySelector("main form");
const said = results.dataset;
const AT_ONCE = 20; // texts shown before more are asked for
const EXCERPTS = 2; // places shown of each text
const LENGTH = 240; // signs of an excerpt

// Words, in the form in which the index has them: the same as report/publish/site/terms.py.

const UNSPACED = "\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\u{20000}-\\u{3ffff}";
const RUN = new RegExp(`[${UNSPACED}]+|(?:(?![${UNSPACED}])[\\p{L}\\p{N}])+`, "gu");
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");
const WRITTEN = new RegExp(`[${UNSPACED}]+|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}\\u00ad\\u0640\\u200c\\u200d])+`, "gu");
const ARTICLE = /^(?:[وفبك]?ال|لل)(?=..)/u;

function fold(text) {
  const plain = text.toLowerCase().normalize("NFKD").replace(/\p{M}|[\u00ad\u0640\u200c\u200d]/gu, "");
  const digits = plain.replace(/[٠-٩]/g, (digit) => digit.codePointAt(0) - 0x660);
  return digits.replaceAll("ى", "ي").replaceAll("ة", "ه");
}

function words(text) {
  return (fold(text).match(RUN) ?? []).flatMap(
    (run) => IS_UNSPACED.test(run) ? pairs([...run]) : [run.replace(ARTICLE, "")]);
}

function pairs(signs) {
  return signs.length < 2 ? signs : signs.slice(1).map((sign, n) => signs[n] + sign);
}

// The files of the index: scripts that hand over what they hold.

const loaded = new Map();
const awaited = new Map();

globalThis.take = (name, value) => awaited.get(name)?.(value);

function load(name) {
  if (!loaded.has(name)) {
    loaded.set(name, new Promise((resolve, reject) => {
      awaited.set(name, resolve);
      const script = document.createElement("script");
      script.src = `${name.split("/").map(encodeURIComponent).join("/")}.js`;
      script.onerror = reject;
      document.head.append(script);
    }));
  }
  return loaded.get(name);
}

// Finding: texts that have every word, those first that have them best.

// How well a word of the index answers one that is looked for: itself, its beginning, another ending.
function likeness(wanted, word) {
  if (word === wanted) return 4;
  if (word.startsWith(wanted)) return 2;
  const stem = wanted.slice(0, wanted.length < 7 ? -1 : -2);
  return wanted.length > 4 && word.startsWith(stem) && word.length < wanted.length + 3 ? 1 : 0;
}

// For each text that has the word, how much each of its places tells of it.
async function places(wanted, count) {
  const shelf = await load(`terms/${wanted.codePointAt(0) % said.shelves}`);
  const found = new Map();
  for (const [word, texts] of Object.entries(shelf)) {
    const weight = likeness(wanted, word);
    for (const [text, ...numbers] of weight ? texts : []) {
      if (!found.has(text)) found.set(text, new Map());
      const weights = found.get(text);
      for (const place of numbers) weights.set(place, Math.max(weight, weights.get(place) ?? 0));
    }
  }
  const rarity = Math.log(1 + count / (found.size || 1));
  for (const weights of found.values()) {
    for (const [place, weight] of weights) weights.set(place, weight * rarity);
  }
  return found;
}

async function find(wanted) {
  const count = (await load("texts")).length;
  const found = await Promise.all(wanted.map((word) => places(word, count)));
  const texts = [...found[0].keys()].filter((text) => found.every((of) => of.has(text)));
  return texts.map((text) => rank(text, found.map((of) => of.get(text)))).sort(
    (a, b) => b.score - a.score || a.text - b.text);
}

function rank(text, weights) {
  const sums = new Map();
  for (const [place, weight] of weights.flatMap((of) => [...of])) {
    sums.set(place, (sums.get(place) ?? 0) + weight);
  }
  const best = [...sums].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const ofTitle = sums.get(0) ?? 0;
  return { text, places: best.map(([place]) => place), score: best[0][1] + ofTitle + Math.log(best.length) };
}

// Showing.

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function filled(message, number) {
  return message.replace("{}", number);
}

// A text in pieces, each with whether it is what was looked for.
function pieces(text, wanted) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(WRITTEN)) {
    for (const [start, stop] of hits(match[0], wanted)) {
      parts.push([text.slice(end, match.index + start), false]);
      parts.push([text.slice(match.index + start, match.index + stop), true]);
      end = match.index + stop;
    }
  }
  return [...parts, [text.slice(end), false]].filter(([part]) => part);
}

// Where in a run of signs something stands that was looked for.
function hits(run, wanted) {
  if (!IS_UNSPACED.test(run)) {
    const isHit = words(run).some((word) => wanted.some((other) => likeness(other, word)));
    return isHit ? [[0, run.length]] : [];
  }
  const found = wanted.flatMap((word) => [...run.matchAll(word)].map(({ index }) => [index, index + word.length]));
  return found.sort((a, b) => a[0] - b[0]).reduce((joined, [start, stop]) => {
    const last = joined.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(stop, last[1]);
    else joined.push([start, stop]);
    return joined;
  }, []);
}

function marked(text, wanted) {
  return pieces(text, wanted).map(([part, isHit]) => isHit ? element("mark", {}, part) : part);
}

// The part of a text around the first thing that was looked for.
function excerpt(text, wanted) {
  const [first] = pieces(text, wanted);
  const before = first && first[0].length < text.length ? first[0].length : 0;
  const from = before > LENGTH / 3 ? text.indexOf(" ", before - LENGTH / 3) + 1 || before : 0;
  const start = from > before ? before : from;
  const rest = text.slice(start, start + LENGTH);
  const cut = start + LENGTH < text.length ? rest.slice(0, rest.lastIndexOf(" ") + 1 || LENGTH) : rest;
  return `${start ? "… " : ""}${cut.trim()}${start + LENGTH < text.length ? " …" : ""}`;
}

async function item({ text, places }, wanted) {
  const [id, address, title, context] = (await load("texts"))[text];
  const passages = await load(`said/${id}`);
  const page = said.root + address.split("/").map(encodeURIComponent).join("/");
  const known = new Set(words(title));
  const adds = (place) => place > 0 && words(passages[place][1]).some((word) => !known.has(word));
  const inside = places.filter(adds).slice(0, EXCERPTS).sort((a, b) => a - b);
  return element("li", {},
    element("h2", {}, element("a", { href: page }, ...marked(title, wanted))),
    ...(context ? [element("p", { className: "context" }, context)] : []),
    ...inside.map((place) => {
      const [anchor, text, lang, dir] = passages[place];
      const quoted = element("span", { lang, dir }, ...marked(excerpt(text, wanted), wanted));
      const link = anchor === id ? [] : [" ", element("a", { href: `${page}#${encodeURI(anchor)}` }, label(anchor))];
      return element("p", { className: "excerpt" }, quoted, ...link);
    }));
}

function label(anchor) {
  const number = /:(\d+)$/.exec(anchor)?.[1];
  return number ? filled(said.paragraph, number) : said.passage;
}

async function show(found, wanted, isCurrent) {
  const list = element("ol", { className: "found" });
  const more = element("button", { type: "button", className: "more" }, said.more);
  const status = element("p", { role: "status" },
    found.length ? filled(said.found, found.length) : said.none);
  const next = async () => {
    const items = await Promise.all(
      found.slice(list.children.length, list.children.length + AT_ONCE).map((one) => item(one, wanted)));
    if (!isCurrent()) return;
    list.append(...items);
    more.hidden = list.children.length >= found.length;
    return items[0];
  };
  more.onclick = async () => (await next())?.querySelector("a").focus();
  await next();
  if (isCurrent()) results.replaceChildren(status, list, more);
}

let asked = 0;

async function answer() {
  const question = form.q.value.trim();
  const number = ++asked;
  const isCurrent = () => number === asked;
  const wanted = [...new Set(words(question))];
  history.replaceState(null, "", question ? `?q=${encodeURIComponent(question)}` : location.pathname);
  if (!wanted.length) return results.replaceChildren();
  try {
    const found = await find(wanted);
    if (isCurrent()) await show(found, wanted, isCurrent);
  } catch {
    if (isCurrent()) results.replaceChildren(element("p", { role: "status" }, said.broken));
  }
}

let typing;
form.onsubmit = (event) => { event.preventDefault(); answer(); };
form.oninput = () => { clearTimeout(typing); typing = setTimeout(answer, 200); };
form.q.value = new URLSearchParams(location.search).get("q") ?? "";
answer();
