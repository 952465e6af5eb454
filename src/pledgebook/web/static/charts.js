// Charts by Vega-Lite, with the interpreter of its expressions: nothing is evaluated as code.
function loaded(source) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: source });
    script.onload = resolve;
    script.onerror = () => reject(new Error(`cannot load ${source}`));
    document.head.append(script);
  });
}

const here = (name) => new URL(`./vendor/${name}`, import.meta.url).href;
const ready = (async () => {
  await loaded(here("vega.min.js"));
  await loaded(here("vega-lite.min.js"));
  return (await import("./vendor/vega-interpreter.js")).expressionInterpreter;
})();

function look() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const ink = token("--ink"), quiet = token("--quiet"), line = token("--faint-line");
  return {
    background: null,
    font: "system-ui, sans-serif",
    view: { stroke: null },
    axis: { labelColor: quiet, titleColor: quiet, gridColor: line, domainColor: token("--line"), tickColor: token("--line") },
    legend: { labelColor: ink, titleColor: quiet },
    title: { color: ink },
    text: { color: ink },
    header: { labelColor: ink, titleColor: quiet },
    mark: { color: token("--accent") },
  };
}

// Colours of a description may be names of tokens, "token:--pledged", so that they suit the theme.
function themed(value) {
  if (typeof value === "string" && value.startsWith("token:"))
    return getComputedStyle(document.documentElement).getPropertyValue(value.slice(6)).trim();
  if (Array.isArray(value)) return value.map(themed);
  if (value && typeof value === "object" && value.constructor === Object)
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, key === "values" ? held : themed(held)]));
  return value;
}

const views = new Map();

export async function draw(place, given) {
  let spec = given;
  try {
    const interpreter = await ready;
    if (!spec) {
      const answer = await fetch(place.dataset.chart, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      spec = await answer.json();
    }
    const { vega, vegaLite } = globalThis;
    const config = vegaLite.mergeConfig?.(spec.config ?? {}, look()) ?? { ...spec.config, ...look() };
    // Several charts in one cannot be fitted: they keep the widths that they name.
    const fitted = spec.vconcat || spec.hconcat || spec.concat ? "pad" : { type: "fit-x", contains: "padding" };
    const whole = themed({ ...spec, config, autosize: spec.autosize ?? fitted });
    if (whole.width === "container") whole.width = Math.max(place.clientWidth - 4, 240);
    const { spec: compiled } = vegaLite.compile(whole, { logger: vega.logger(vega.Error) });
    views.get(place)?.view.finalize();
    const view = new vega.View(vega.parse(compiled, null, { ast: true }), {
      expr: interpreter, renderer: "svg", container: place, hover: true,
      loader: vega.loader({ http: { headers: {} } }),
      logLevel: vega.Error,
    });
    await view.runAsync();
    views.set(place, { view, spec });
    place.dataset.drawn = "yes";
  } catch (error) {
    place.textContent = `This chart cannot be drawn: ${error.message}`;
    place.dataset.drawn = "no";
  }
}

// Give a drawn chart other rows for one of its data sets; false where it is not drawn yet.
export async function change(place, name, rows) {
  const held = views.get(place);
  if (!held) return false;
  held.spec = { ...held.spec, datasets: { ...held.spec.datasets, [name]: rows } };
  await held.view.data(name, rows).runAsync();
  return true;
}

document.addEventListener("pledgebook:theme", () => {
  for (const [place, { spec }] of views) if (place.isConnected) draw(place, spec);
});
let resizing;
addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => {
    for (const [place, { spec }] of views)
      if (place.isConnected && spec.width === "container") draw(place, spec);
  }, 200);
});
