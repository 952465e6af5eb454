// The slider of days: it stands on the days on which something was published, the last place is now.
const bar = document.querySelector("[data-asof]");

function days(coded) {
  const [first, ...gaps] = coded.split(" ");
  const found = [first];
  const day = new Date(`${first}T00:00:00Z`);
  for (const gap of gaps) {
    day.setUTCDate(day.getUTCDate() + Number(gap));
    found.push(day.toISOString().slice(0, 10));
  }
  return found;
}

function words(day) {
  if (!day) return "today";
  return new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

if (bar?.dataset.asof) {
  const known = days(bar.dataset.asof);
  const slider = bar.querySelector("input");
  const output = bar.querySelector("output");
  const chosen = () => known[Number(slider.value)] ?? "";
  const tell = () => {
    output.textContent = words(chosen());
    slider.setAttribute("aria-valuetext", words(chosen()));
  };
  let waiting;
  const show = () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const address = new URL(location.href);
      if (chosen()) address.searchParams.set("as_of", chosen());
      else address.searchParams.delete("as_of");
      const path = address.pathname + address.search;
      if (path === location.pathname + location.search) return;
      bar.classList.add("htmx-request");
      try {
        await htmx.ajax("GET", path, { target: "#view", select: "#view", swap: "outerHTML" });
        history.pushState(null, "", path);
      } finally {
        bar.classList.remove("htmx-request");
      }
    }, 300);
  };
  slider.addEventListener("input", tell);
  slider.addEventListener("change", show);
  // Going back shows the page of that day.
  addEventListener("popstate", () => location.reload());
  tell();
  bar.hidden = false;
}
