// Figures are drawn when they come near the screen, so that a long report opens at once.

const views = new Map(JSON.parse(document.getElementById("report-data").textContent).map((view) => [view.id, view]));
const figures = new Map();

function draw(element) {
  if (!figures.has(element)) figures.set(element, new Figure(element, views));
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
  waiting = setTimeout(() => figures.forEach((figure) => figure.resize()), 120);
});
startTheme(() => figures.forEach((figure) => figure.redraw()));
