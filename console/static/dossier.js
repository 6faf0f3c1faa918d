// The dossier page: focus follows the keys, and the page picture follows the focus.

import { send, swapIn } from "./console.js";

const grid = document.querySelector(".desk-grid");
const here = grid.dataset.here;
const svg = document.getElementById("page-svg");
const image = document.getElementById("page-image");
const boxes = document.getElementById("boxes");
const pages = [...document.querySelectorAll("#page-list li")].map((li) => ({
  number: Number(li.dataset.page), width: Number(li.dataset.width), height: Number(li.dataset.height), name: li.dataset.name,
}));
const SVG = "http://www.w3.org/2000/svg";
const keymap = await (await fetch("/static/keymap.json")).json();
let shown = Number(svg?.dataset.page ?? 0);
let current = null;

const work = () => document.getElementById("work");
const items = (wanted = ".item") => [...work().querySelectorAll(wanted)];
const areaOf = (element) => (element.dataset.area ? element.dataset.area.split(" ").map(Number) : null);

function showPage(number) {
  const page = pages[number];
  if (!page || !svg) return;
  if (number !== shown) {
    shown = number;
    image.setAttribute("href", `${here}/page/${number}.jpg${grid.dataset.open === "1" ? "?open=1" : ""}`);
    image.setAttribute("width", page.width);
    image.setAttribute("height", page.height);
    document.getElementById("sheet-name").textContent = page.name;
    fit();
  }
  drawBoxes();
  for (const paper of document.querySelectorAll(".paper")) {
    const isCurrent = paper.dataset.pages.split(" ").includes(String(number));
    paper.classList.toggle("current", isCurrent);
    if (isCurrent) paper.setAttribute("aria-current", "true");
    else paper.removeAttribute("aria-current");
  }
}

function view(x, y, width, height) {
  svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
}

function fit() {
  const page = pages[shown];
  if (page) view(0, 0, page.width, page.height);
}

/** Zooms so that the box is read with ease, and what stands around it still tells where it is. */
function zoomTo(area) {
  const page = pages[shown];
  if (!area || !page) return fit();
  const [x0, y0, x1, y1] = area;
  const ratio = svg.clientHeight / Math.max(svg.clientWidth, 1);
  const width = Math.min(page.width, Math.max((x1 - x0) * 1.7, (y1 - y0) * 12 / Math.max(ratio, 0.3) / 2, page.width * 0.5));
  const height = width * ratio;
  const x = Math.min(Math.max((x0 + x1 - width) / 2, 0), Math.max(page.width - width, 0));
  const y = Math.min(Math.max((y0 + y1 - height) / 2, 0), Math.max(page.height - height, 0));
  view(x, y, width, height);
}

function zoomBy(factor) {
  const [x, y, width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  view(x + (width * (1 - factor)) / 2, y + (height * (1 - factor)) / 2, width * factor, height * factor);
}

function drawBoxes() {
  boxes.replaceChildren();
  for (const item of items()) {
    const area = areaOf(item);
    if (!area || Number(item.dataset.page) !== shown) continue;
    const rect = document.createElementNS(SVG, "rect");
    const gap = pages[shown].width / 400;
    rect.setAttribute("x", area[0] - gap);
    rect.setAttribute("y", area[1] - gap);
    rect.setAttribute("width", Math.max(area[2] - area[0], 1) + 2 * gap);
    rect.setAttribute("height", Math.max(area[3] - area[1], 1) + 2 * gap);
    rect.classList.add(item.dataset.kind);
    if (item.classList.contains("low")) rect.classList.add("low");
    if (item === current) rect.classList.add("current");
    const title = document.createElementNS(SVG, "title");
    title.textContent = item.getAttribute("aria-label");
    rect.append(title);
    rect.setAttribute("role", "img");
    rect.setAttribute("aria-label", item.getAttribute("aria-label"));
    rect.addEventListener("click", () => select(item));
    boxes.append(rect);
  }
}

/** Makes an item current: it opens, is focused, and its place on the page is shown. */
function select(item, { focus = true } = {}) {
  if (!item) return;
  if (current && current !== item) current.classList.remove("current", "editing");
  current = item;
  item.classList.add("current");
  if (focus && document.activeElement !== item) item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
  if (item.dataset.page !== undefined) {
    showPage(Number(item.dataset.page));
    zoomTo(areaOf(item));
  } else drawBoxes();
}

function step(list, by) {
  if (!list.length) return;
  const at = list.indexOf(current);
  const next = at < 0 ? (by > 0 ? 0 : list.length - 1) : (at + by + list.length) % list.length;
  select(list[next]);
}

function nextNeeded() {
  const all = items();
  const start = Math.max(all.indexOf(current), -1);
  const order = [...all.slice(start + 1), ...all.slice(0, start + 1)];
  const wanted = order.find((item) => item.hasAttribute("data-needs"));
  if (wanted) return select(wanted);
  document.querySelector("#finish-form button")?.focus();
}

function stepPaper(by) {
  const papers = [...document.querySelectorAll(".paper")];
  const at = papers.findIndex((paper) => paper.classList.contains("current"));
  const paper = papers[(Math.max(at, by > 0 ? -1 : 0) + by + papers.length) % papers.length];
  if (paper) openPaper(paper);
}

function openPaper(paper) {
  if (paper.dataset.page !== undefined) {
    showPage(Number(paper.dataset.page));
    fit();
  }
  const fields = work().querySelector(`[data-fields="${CSS.escape(paper.dataset.paper)}"]`);
  const first = fields?.querySelector(".item");
  if (first) {
    select(first);
    if (paper.dataset.page !== undefined) showPage(Number(paper.dataset.page));
    fit();
  }
}

/** The piece of the page that shows a month of the grid; months that must be paid have rows of their own. */
function openMonth(button) {
  const row = work().querySelector(`.item[data-target="${CSS.escape(button.dataset.target)}"]`);
  const figure = work().querySelector(".month-crop");
  figure.hidden = Boolean(row) || !button.dataset.crop;
  if (row) return select(row);
  if (button.dataset.page === undefined) return;
  const image = figure.querySelector("img");
  image.src = button.dataset.crop;
  image.alt = button.getAttribute("aria-label");
  figure.querySelector("figcaption").textContent = image.alt;
  showPage(Number(button.dataset.page));
  zoomTo(areaOf(button));
}

function edit(item) {
  const input = item?.querySelector(".edit input, .edit select");
  if (!input) return;
  item.classList.add("editing");
  input.focus();
  if (input.select) input.select();
}

function leaveEdit() {
  current?.classList.remove("editing");
  current?.focus({ preventScroll: true });
}

function press(selector) {
  const button = current?.querySelector(selector);
  if (button) button.click();
}

async function refresh() {
  const answer = await fetch(here, { headers: { "X-Swap": "1" } });
  if (answer.ok) swapIn(await answer.text());
}

const answerWith = (name) => () => press(`.answer button[name="answer"][value="${name}"]`);
const actions = {
  next_needed: nextNeeded,
  try_value: () => press(".edit button"),
  save_trial: () => document.getElementById("trial-save")?.click(),
  leave_edit: leaveEdit,
  drop_trial: refresh,
  next_finding: () => step(items(".finding"), 1),
  previous_finding: () => step(items(".finding"), -1),
  next_paper: () => stepPaper(1),
  previous_paper: () => stepPaper(-1),
  right: answerWith("right"),
  edit: () => edit(current),
  illegible: answerWith("illegible"),
  absent: answerWith("absent"),
  original: answerWith("original"),
  upheld: answerWith("upheld"),
  ask: () => edit(current),
  alternative: (digit) => press(`.answer button[name="alternative"][value="${digit}"]`),
  dismiss: (digit) => current?.querySelectorAll('.answer button[name="reason"]')[digit - 1]?.click(),
  undo: () => document.querySelector("#undo-form button")?.click(),
  finish: () => document.querySelector('#finish-form button[value="1"]')?.click(),
  finish_stop: () => document.querySelector('#finish-form button[value="0"]')?.click(),
  claim: () => document.querySelector("#claim-form button")?.click(),
  months: () => select(work().querySelector("#months .item")),
  split: () => document.getElementById("split")?.click(),
  reveal: () => document.querySelector('[data-act="reveal"]')?.click(),
  zoom_in: () => zoomBy(0.75),
  zoom_out: () => zoomBy(1.33),
  zoom_fit: fit,
  help: () => document.getElementById("help").showModal(),
};

function whereNow(target) {
  if (document.getElementById("trial")) return ["trial"];
  if (target.closest(".edit")) return ["edit"];
  if (target.closest("input, select, textarea, dialog, #reveal")) return [];
  const kind = current?.dataset.kind;
  return kind === "finding" ? ["finding", "page"] : kind ? ["field", "page"] : ["page"];
}

function find(key, places) {
  for (const place of places) {
    const entry = keymap.find(
      (e) => e.where === place && (e.key === key || (e.key === "1-5" && /^[1-5]$/.test(key))),
    );
    if (entry) return entry;
  }
  return null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const onButton = event.target.closest("button, a, summary");
  if (key === "Enter" && onButton) return;
  const entry = find(key, whereNow(event.target));
  if (!entry) return;
  event.preventDefault();
  actions[entry.action](Number(key));
});

document.addEventListener("focusin", (event) => {
  const item = event.target.closest(".item");
  if (item && item !== current) select(item, { focus: event.target === item });
});

document.addEventListener("edit", (event) => edit(event.detail.closest(".item")));

document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]");
  const paper = event.target.closest(".paper");
  const item = event.target.closest(".item");
  if (paper) openPaper(paper);
  else if (act) {
    const name = act.dataset.act;
    if (name === "zoom-in") zoomBy(0.75);
    else if (name === "zoom-out") zoomBy(1.33);
    else if (name === "zoom-fit") fit();
    else if (name === "help") actions.help();
    else if (name === "reveal") document.getElementById("reveal").showModal();
    else if (name === "close") act.closest("dialog").close();
    else if (name === "refresh") { event.preventDefault(); refresh(); }
    else if (name === "show") { showPage(Number(act.dataset.page)); zoomTo(areaOf(act)); }
    else if (name === "month") openMonth(act);
  } else if (item && item !== current) select(item, { focus: !event.target.closest("button, input, select, a") });
});

document.addEventListener("swapped", () => {
  const target = current?.dataset.target;
  current = null;
  const same = target && items().find((item) => item.dataset.target === target);
  const trial = document.getElementById("trial");
  if (same) select(same, { focus: !trial });
  if (trial) document.getElementById("trial-save").focus();
  else if (same && !same.hasAttribute("data-needs") && !document.getElementById("problem")) nextNeeded();
  showPage(shown);
});

showPage(shown);
const first = items().find((item) => item.hasAttribute("data-needs")) ?? items()[0];
if (first) select(first);
