// Figures are drawn when they come near the screen, so that a long report opens at once.

const data = JSON.parse(document.getElementById("report-data").textContent);
for (const { x } of data.views) {
  if (!x.labels) continue;
  const [list, from, count] = x.labels;
  x.labels = data.labels[list].slice(from, from + count);
}
const views = new Map(data.views.map((view) => [view.id, view]));
const figures = new Map();

function draw(element) {
  if (!figures.has(element)) figures.set(element, new Figure(element, views));
}

// Those on the page and those of the series that is chosen.
function drawn() {
  return [...figures.values(), ...(picker ? picker.figures : [])];
}

const pending = [...document.querySelectorAll("figure[data-interactive]")];
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((entry) => entry.isIntersecting)) {
    watcher.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "600px" });
pending.forEach((element) => watcher.observe(element));
addEventListener("beforeprint", () => pending.forEach(draw));

let waiting = 0;
addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => drawn().forEach((figure) => figure.resize()), 120);
});
startTheme(() => drawn().forEach((figure) => figure.redraw()));
const chooser = document.getElementById("picker");
const picker = chooser && data.picks ? new Picker(chooser, data.picks, views) : null;
