// The reading desk: highlights and statements lead to each other; every act has a key.
const desk = document.querySelector("[data-desk]");
const text = desk?.querySelector("[data-text]");
const cards = [...(desk?.querySelectorAll("[data-statement]") ?? [])];
const dialog = document.getElementById("keys");
let now = Math.max(cards.findIndex((card) => card.dataset.statement === desk?.dataset.current), 0);

function show(place, { scroll = true, focus = false } = {}) {
  if (!cards.length) return;
  now = (place + cards.length) % cards.length;
  const name = cards[now].dataset.statement;
  for (const card of cards) {
    card.classList.toggle("now", card === cards[now]);
    card.toggleAttribute("aria-current", card === cards[now]);
    if (card === cards[now]) card.setAttribute("aria-current", "true");
  }
  for (const mark of text.querySelectorAll("a.m"))
    mark.classList.toggle("now", mark.dataset.of.split(" ").includes(name));
  if (scroll) {
    cards[now].scrollIntoView({ block: "nearest" });
    text.querySelector("a.m.now")?.scrollIntoView({ block: "center" });
  }
  if (focus) cards[now].querySelector(".words")?.focus({ preventScroll: true });
}

// A mark that several statements share leads to each of them in turn.
text?.addEventListener("click", (event) => {
  const mark = event.target.closest("a.m");
  if (!mark) return;
  event.preventDefault();
  const names = mark.dataset.of.split(" ");
  const at = names.indexOf(cards[now]?.dataset.statement);
  const next = names[(at + 1) % names.length];
  show(cards.findIndex((card) => card.dataset.statement === next), { focus: true });
});
desk?.addEventListener("click", (event) => {
  const words = event.target.closest("a.words");
  if (!words) return;
  event.preventDefault();
  show(cards.indexOf(words.closest("[data-statement]")));
});

// JavaScript counts UTF-16 units and the book counts code points: a sign beyond the first plane is
// two of the one and one of the other.
const points = (piece) => [...piece].length;

function marked() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const quote = range.toString();
  const lead = quote.length - quote.trimStart().length;
  if (!quote.trim()) return null;
  return { start: points(before.toString()) + points(quote.slice(0, lead)), quote: quote.trim() };
}

function add() {
  const adding = desk.querySelector("[data-adding]");
  if (!adding) return;
  const found = marked();
  adding.open = true;
  if (found) {
    adding.querySelector("[name=quote]").value = found.quote;
    adding.querySelector("[name=start]").value = found.start;
  }
  adding.querySelector(found ? "[name=kind]" : "[name=quote]").focus();
}
desk?.querySelector("[data-adding] [name=quote]")?.addEventListener("input", () => {
  desk.querySelector("[data-adding] [name=start]").value = "";
});

const keys = {
  j: () => show(now + 1, { focus: true }),
  k: () => show(now - 1, { focus: true }),
  n: add,
  "?": () => dialog.showModal(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog?.open) return;
  const writing = event.target.closest("input, textarea, select");
  if (writing) {
    if (event.key === "Escape") {
      const leave = writing.closest("form.edit")?.querySelector("a.button");
      if (leave) leave.click(); else writing.blur();
    }
    return;
  }
  // Enter and space belong to the button or link that has the focus.
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  const act = keys[event.key]
    ?? (cards[now]?.querySelector(`[data-act="${CSS.escape(event.key)}"]`) && (() => cards[now].querySelector(`[data-act="${CSS.escape(event.key)}"]`).click()))
    ?? (desk.querySelector(`[data-key="${CSS.escape(event.key)}"]`) && (() => desk.querySelector(`[data-key="${CSS.escape(event.key)}"]`).click()));
  if (!act) return;
  event.preventDefault();
  act();
});

if (desk) {
  const button = desk.querySelector("[data-keys]");
  if (button) { button.hidden = false; button.addEventListener("click", () => dialog.showModal()); }
  const form = desk.querySelector("form.edit [name=kind]");
  if (desk.dataset.current) show(now);
  form?.focus();
}
