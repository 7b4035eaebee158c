// What hovering shows. Built from elements, so that no name is ever read as markup.

function tooltip(panel, colours, strip) {
  const box = { backgroundColor: colours.paper, borderColor: colours.faint, textStyle: { color: colours.ink, fontFamily: FONT, fontSize: 13 }, confine: true, transitionDuration: 0 };
  if (strip) return { ...box, trigger: "item", formatter: (dot) => lines([{ words: dot.data.words || "" }]) };
  return {
    ...box, trigger: "axis",
    axisPointer: { type: "line", snap: true, lineStyle: { color: colours.muted } },
    formatter: (points) => lines(valuesAt(panel, points[0].axisValue, colours)),
  };
}

function nearest(xs, x, log) {
  let best = 0;
  xs.forEach((candidate, index) => {
    if (Math.abs(scaled(candidate, log) - x) < Math.abs(scaled(xs[best], log) - x)) best = index;
  });
  return best;
}

// The words for a place on the x axis, and every line's value there. Groups are summed up by their range.
function valuesAt(panel, position, colours) {
  const { view, state } = panel;
  const shown = (view.lines || []).filter((line) => !state.off.has(switchName(line)));
  let place = state.logX ? 10 ** position : position;
  const rows = [];
  const groups = new Map();
  for (const line of shown) {
    const xs = lineXs(line);
    const index = nearest(xs, position, state.logX);
    if (!line.xs && Math.abs(xs[index] - position) > 0.5) continue;
    if (!line.group) place = xs[index];
    const value = line.ys[index];
    if (!line.group) rows.push({ colour: colours[line.hue], words: `${line.name}: ${written(value)}` });
    else if (value !== null) groups.set(line.group, [...(groups.get(line.group) || []), value]);
  }
  for (const [name, values] of groups) {
    rows.push({ colour: groupColour(view, name, colours), words: `${name}: ${written(Math.min(...values))} to ${written(Math.max(...values))}` });
  }
  for (const area of view.areas || []) {
    const index = Math.round(position - area.x0);
    if (state.off.has(area.name) || index < 0 || index >= area.lower.length) continue;
    rows.push({ colour: colours[area.hue], words: `${area.name}: ${written(area.lower[index])} to ${written(area.upper[index])}` });
  }
  for (const bars of view.bars || []) {
    const index = nearest(bars.xs, position, false);
    place = bars.xs[index];
    rows.push({ colour: colours[bars.hue], words: `${bars.name}: ${written(bars.ys[index])}` });
  }
  return [{ words: placeWords(view, place), strong: true }, ...rows];
}

function groupColour(view, name, colours) {
  return colours[view.lines.find((line) => line.group === name).hue];
}

function placeWords(view, place) {
  return view.x.labels ? view.x.labels[Math.round(place)] || "" : `${view.x.name} ${written(place, 6)}`;
}

function lines(rows) {
  const box = document.createElement("div");
  for (const row of rows) {
    const line = document.createElement("div");
    if (row.colour) {
      const dot = document.createElement("span");
      dot.style.cssText = `display:inline-block;width:.65em;height:.65em;border-radius:50%;margin-right:.45em;background:${row.colour}`;
      line.append(dot);
    }
    const words = document.createElement(row.strong ? "b" : "span");
    words.textContent = row.words;
    line.append(words);
    box.append(line);
  }
  return box;
}
