// Buttons that copy the text of another element: data-copy names it.
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const told = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
  } catch {
    // Where the browser does not let us, the text is marked, to be copied by hand.
    getSelection().selectAllChildren(source);
    button.textContent = "Marked";
  }
  setTimeout(() => { button.textContent = told; }, 1500);
});
