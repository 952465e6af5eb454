// The balance: sliders that answer as they move, and marks of charts that open what they rest on.
const charts = () => import("./charts.js"); // Vega is loaded where there is a chart.

const form = document.getElementById("balance-form");
const said = document.getElementById("said");
const tip = document.getElementById("balance-tip");
const RESTS = 350; // Milliseconds without a move, after which all courses are drawn.

// What is being prepared comes by itself.
if (document.querySelector("[data-again]")) setTimeout(() => location.reload(), 3000);

// An empty field says nothing: it stays out of the address.
const SILENT = { times: "1", late: "0", step: "month", course: "steady" };
form?.addEventListener("submit", () => {
  for (const field of form.elements)
    if (field.name && (!field.value.trim() || SILENT[field.name] === field.value)) field.disabled = true;
});
addEventListener("pageshow", () => {
  for (const field of form?.elements ?? []) field.disabled = false;
});

function asked() {
  const found = new URLSearchParams(location.search);
  for (const slider of form.querySelectorAll("[data-slider]")) {
    if (Number(slider.value) === Number(SILENT[slider.name])) found.delete(slider.name);
    else found.set(slider.name, slider.value);
  }
  return found;
}

function shown(slider) {
  const unit = slider.name === "times" ? "times" : slider.value === "1" ? "day" : "days";
  const text = `${slider.value} ${unit}`;
  form.querySelector(`output[for="${slider.id}"]`).value = text;
  slider.setAttribute("aria-valuetext", text);
}

// Every link, download and chart still to be drawn leads to what the sliders say.
function bent(address, query) {
  const found = new URL(address, location.href);
  for (const name of ["times", "late"]) {
    if (query.has(name)) found.searchParams.set(name, query.get(name));
    else found.searchParams.delete(name);
  }
  return found.pathname + found.search;
}
function carry(query) {
  for (const link of document.querySelectorAll('a[href^="/charts/balance."], a[href^="/tables/balance-"], a[data-carry]'))
    link.setAttribute("href", bent(link.getAttribute("href"), query));
  for (const place of document.querySelectorAll("[data-fan]")) place.dataset.chart = bent(place.dataset.chart, query);
}

function place(pieces) {
  for (const [name, html] of Object.entries(pieces)) document.getElementById(`p-${name}`).innerHTML = html;
}

// What matters most takes longest: it comes after the answer, unless a slider moves again.
let pending = null;
async function matters(query) {
  const mine = pending = new AbortController();
  document.getElementById("p-matters").setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`/balance/slide?${query}&matters=true`, { signal: mine.signal });
    if (answer.ok && !mine.signal.aborted) place((await answer.json()).pieces);
  } catch { /* Given up: the next one is on its way. */ }
  if (pending === mine) document.getElementById("p-matters").removeAttribute("aria-busy");
}

let busy = false, again = null, waiting = null;
async function move(rest) {
  // One question at a time; of the moves meanwhile the last one counts.
  if (busy) { again = rest; return; }
  busy = true;
  const query = asked();
  try {
    const { change } = await charts();
    const answer = await fetch(`/balance/slide?${query}${rest ? "&rest=true" : ""}`, { headers: { accept: "application/json" } });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.error?.what ?? told.error ?? `the server answered ${answer.status}`);
    await Promise.all([...document.querySelectorAll("[data-fan]")].map((place) =>
      told.charts[place.dataset.fan] && change(place, "fan", told.charts[place.dataset.fan])));
    if (rest) {
      place(told.pieces);
      history.replaceState(null, "", `${location.pathname}?${query}`);
      carry(query);
      said.textContent = told.said;
      focusable();
      matters(query);
    } else {
      const lines = document.querySelectorAll("#p-words > .big");
      if (lines[0]) lines[0].textContent = told.lines[0];
      said.dataset.draws = told.draws;
    }
    said.dataset.state = rest ? "rest" : "moving";
  } catch (error) {
    said.textContent = `That could not be worked out: ${error.message}`;
  } finally {
    busy = false;
    if (again !== null) { const next = again; again = null; move(next); }
  }
}

form?.addEventListener("input", (event) => {
  const slider = event.target.closest("[data-slider]");
  if (!slider || !document.getElementById("p-words")) return;
  shown(slider);
  pending?.abort();
  move(false);
  clearTimeout(waiting);
  waiting = setTimeout(() => move(true), RESTS);
});
for (const slider of form?.querySelectorAll("[data-slider]") ?? []) shown(slider);

// Marks: what is said of one is in its datum, and where it opens.
const datum = (mark) => mark?.__data__?.datum;
const MARKS = ".drawing [data-opens], .drawing .steps_marks path, .drawing .figures_marks path, .drawing .due_marks path";
const markAt = (event) => event.target.closest?.(MARKS);

function tell(mark) {
  const told = datum(mark);
  if (!told?.says || !tip) return;
  tip.textContent = told.says;
  tip.hidden = false;
  const place = mark.getBoundingClientRect();
  const width = Math.min(340, innerWidth - 24);
  tip.style.width = `${width}px`;
  tip.style.left = `${Math.max(12, Math.min(place.left + place.width / 2 - width / 2, innerWidth - width - 12))}px`;
  const above = place.top - tip.offsetHeight - 8;
  tip.style.top = `${above > 60 ? above : place.bottom + 8}px`;
}
function silent() { if (tip) tip.hidden = true; }
function open(mark) {
  const told = datum(mark);
  if (told?.href) location.assign(told.href);
}
document.addEventListener("mouseover", (event) => { const mark = markAt(event); if (mark) tell(mark); });
document.addEventListener("mouseout", (event) => { if (markAt(event)) silent(); });
document.addEventListener("focusin", (event) => { const mark = markAt(event); if (mark) tell(mark); });
document.addEventListener("focusout", (event) => { if (markAt(event)) silent(); });
document.addEventListener("click", (event) => { const mark = markAt(event); if (mark) open(mark); });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") silent();
  const mark = markAt(event);
  if (mark && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); open(mark); }
  // Through the marks of one chart with the arrows; Tab leads on to the next chart.
  if (mark && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
    event.preventDefault();
    const all = [...mark.closest(".drawing").querySelectorAll("[data-opens]")];
    const next = all[all.indexOf(mark) + (event.key === "ArrowRight" ? 1 : -1)];
    if (next) { mark.tabIndex = -1; next.tabIndex = 0; next.focus(); }
  }
});

// Marks can be reached by the keyboard: one of each chart with Tab, the others with the arrows.
function focusable() {
  for (const place of document.querySelectorAll(".drawing[data-drawn]")) {
    const marks = place.querySelectorAll(".figures_marks path, .due_marks path, .steps_marks path");
    // What Vega says of an image to screen readers would hide the marks in it.
    place.querySelector("svg")?.setAttribute("role", "group");
    for (const group of place.querySelectorAll("[aria-hidden], [role^=graphics]")) {
      group.removeAttribute("aria-hidden");
      group.removeAttribute("role");
      group.removeAttribute("aria-roledescription");
      group.removeAttribute("aria-label");
    }
    let first = !place.querySelector("[data-opens][tabindex='0']");
    for (const mark of marks) {
      const told = datum(mark);
      if (!told?.href) continue;
      mark.dataset.opens = "";
      mark.setAttribute("role", "link");
      mark.setAttribute("aria-label", told.says);
      if (!mark.hasAttribute("tabindex")) mark.tabIndex = first ? 0 : -1;
      first = false;
    }
  }
}
new MutationObserver((changes) => {
  if (changes.some((one) => one.attributeName === "data-drawn" || one.target.dataset?.drawn)) focusable();
}).observe(document.getElementById("main"), { subtree: true, attributes: true, attributeFilter: ["data-drawn"] });
