// The same values as a table, made when it is asked for.

function valueTable(view) {
  const table = document.createElement("table");
  const [headings, rows] = view.samples ? sampleTable(view) : lineTable(view);
  const line = (cells, tag) => {
    const row = document.createElement("tr");
    cells.forEach((text, index) => {
      const cell = document.createElement(index === 0 || tag === "th" ? "th" : "td");
      if (cell.tagName === "TH") cell.scope = tag === "th" ? "col" : "row";
      cell.textContent = text;
      row.append(cell);
    });
    return row;
  };
  table.createTHead().append(line(headings, "th"));
  table.createTBody().append(...rows.map((cells) => line(cells, "td")));
  return table;
}

function sampleTable(view) {
  const rows = view.samples.flatMap((sample) =>
    sample.values.map((value, index) => [sample.row, sample.name, String(sample.seeds[index]), value === null ? "diverged" : value.toFixed(4)]));
  return [["experiment", "whose", "seed", "validation MAE"], rows];
}

function lineTable(view) {
  const columns = [];
  for (const line of view.lines || []) columns.push([line.name, new Map(lineXs(line).map((x, index) => [x, line.ys[index]]))]);
  for (const area of view.areas || []) {
    columns.push([`${area.name}, lower`, new Map(area.lower.map((y, index) => [area.x0 + index, y]))]);
    columns.push([`${area.name}, upper`, new Map(area.upper.map((y, index) => [area.x0 + index, y]))]);
  }
  for (const bars of view.bars || []) columns.push([bars.name, new Map(bars.xs.map((x, index) => [x, bars.ys[index]]))]);
  const places = [...new Set(columns.flatMap(([, values]) => [...values.keys()]))].sort((a, b) => a - b);
  const words = (x) => (view.x.labels ? view.x.labels[Math.round(x)] || "" : written(x, 6));
  const rows = places.map((x) => [words(x), ...columns.map(([, values]) => (values.has(x) ? written(values.get(x), 6) : ""))]);
  return [[view.x.name, ...columns.map(([name]) => name)], rows];
}

function addTables(figure, panels) {
  for (const panel of panels) {
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = panels.length > 1 ? `values as a table: ${panel.view.y.name}` : "values as a table";
    details.append(summary);
    details.addEventListener("toggle", () => {
      if (!details.open || details.childElementCount > 1) return;
      const scroll = document.createElement("div");
      scroll.className = "scroll tall";
      scroll.tabIndex = 0;
      scroll.setAttribute("role", "region");
      scroll.setAttribute("aria-label", `${panel.view.alt}, as a table`);
      scroll.append(valueTable(panel.view));
      details.append(scroll);
    });
    figure.append(details);
  }
}
