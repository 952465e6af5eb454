// The keys of the joining desk; they rest while somebody writes.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  const dialog = document.getElementById("keys");
  if (event.key === "?" && dialog) { event.preventDefault(); dialog.showModal(); return; }
  if (dialog?.open) return;
  const place = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (place) { event.preventDefault(); place.click(); }
});
