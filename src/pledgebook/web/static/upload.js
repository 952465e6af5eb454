// Files can be dropped; what is too large is told before it is sent.
const form = document.querySelector("form.giving");
if (form) {
  const drop = form.querySelector("[data-drop]");
  const input = form.querySelector('input[type="file"]');
  const chosen = form.querySelector("[data-chosen]");
  const most = Number(form.dataset.most);

  function tell() {
    const files = [...input.files];
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const lines = files.slice(0, 12).map((file) => `${file.name} (${(file.size / 1e6).toFixed(1)} MB)`);
    if (files.length > 12) lines.push(`and ${files.length - 12} more`);
    if (size > most) lines.push(`Together ${(size / 1e6).toFixed(0)} MB: more than the ${(most / 1e6).toFixed(0)} MB that are taken at once.`);
    chosen.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    input.setCustomValidity(size > most ? "Choose fewer or smaller files." : "");
  }
  input.addEventListener("change", tell);
  for (const name of ["dragenter", "dragover"])
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const name of ["dragleave", "drop"])
    drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    tell();
  });
}
