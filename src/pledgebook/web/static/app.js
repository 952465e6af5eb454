// What every page does where there is JavaScript. Without it all of them can still be read.
const root = document.documentElement;

function cookie(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

function dark() {
  const chosen = root.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-switch]");
  if (!button) return;
  event.preventDefault();
  root.dataset.theme = dark() ? "light" : "dark";
  cookie("theme", root.dataset.theme);
  document.dispatchEvent(new CustomEvent("pledgebook:theme"));
});

// On a wide screen the menu is a bar: it is always open there.
const menu = document.querySelector("[data-menu]");
const wide = matchMedia("(min-width: 52rem)");
function spread() { if (menu) menu.open = wide.matches; }
wide.addEventListener("change", spread);
spread();

// Filters apply as they are chosen; typing waits for Enter or leaving the field.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-filters]");
  if (form) form.requestSubmit();
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-filters]");
  if (!form) return;
  for (const field of form.querySelectorAll("input, select")) if (!field.value) field.disabled = true;
});
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[data-filters] :disabled")) field.disabled = false;
});

// A fault that an answer brings is shown, not swallowed.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400) return;
  const told = document.getElementById("told");
  const content = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const fault = content.querySelector(".fault");
  told.replaceChildren(fault ?? Object.assign(document.createElement("p"), {
    className: "fault", textContent: xhr.responseText.slice(0, 300) || `The server answered ${xhr.status}.`,
  }));
  setTimeout(() => told.replaceChildren(), 9000);
});

// Charts are drawn when they come into sight; Vega is loaded for the first one.
let drawing;
const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    drawing ??= import("./charts.js");
    drawing.then(({ draw }) => draw(target));
  }
}, { rootMargin: "200px" });
function watch(within) {
  for (const place of within.querySelectorAll("[data-chart]")) seen.observe(place);
}
watch(document);
document.addEventListener("htmx:afterSwap", (event) => watch(event.detail.elt));
