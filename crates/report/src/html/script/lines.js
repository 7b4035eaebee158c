// What a chart of lines, areas and bars looks like. Logarithmic axes are drawn as linear ones of log10 values, because
// their ticks and zoom then follow the same rules.

const scaled = (value, log) => (value === null || (log && value <= 0) ? null : log ? Math.log10(value) : value);

function lineXs(line) {
  return line.xs || line.ys.map((_, index) => line.x0 + index);
}

function switchName(line) {
  return line.group || line.name;
}

// All x values of a view, lowest and highest, on the scale shown.
function xExtent(view, state) {
  if (view.x.range) return view.x.range.map((value) => scaled(value, state.logX));
  let [low, high] = [Infinity, -Infinity];
  const see = (value) => { low = Math.min(low, value); high = Math.max(high, value); };
  for (const line of view.lines || []) for (const x of lineXs(line)) see(scaled(x, state.logX));
  for (const area of view.areas || []) { see(area.x0); see(area.x0 + area.lower.length - 1); }
  for (const bars of view.bars || []) for (const x of bars.xs) { see(x - bars.width / 2); see(x + bars.width / 2); }
  return low < high ? [low, high] : [low - 1, low + 1];
}

// The y values within a range of x, on the scale shown, with a margin. Groups count only where nothing else is shown.
function yRange(view, state, [from, to]) {
  if (view.y.range && !state.zoomed) return view.y.range.map((value) => scaled(value, state.logY));
  let [low, high] = [Infinity, -Infinity];
  const see = (x, value) => {
    const y = scaled(value, state.logY);
    if (x >= from - 1e-9 && x <= to + 1e-9 && y !== null) { low = Math.min(low, y); high = Math.max(high, y); }
  };
  const shown = (view.lines || []).filter((line) => !state.off.has(switchName(line)));
  const main = shown.filter((line) => !line.group);
  for (const line of main.length ? main : shown) lineXs(line).forEach((x, index) => see(scaled(x, state.logX), line.ys[index]));
  for (const area of view.areas || []) {
    if (state.off.has(area.name)) continue;
    area.lower.forEach((value, index) => { see(area.x0 + index, value); see(area.x0 + index, area.upper[index]); });
  }
  for (const bars of view.bars || []) bars.xs.forEach((x, index) => { see(x, bars.ys[index]); see(x, 0); });
  for (const mark of view.marks || []) if (mark.axis === "y") see(from, mark.at);
  for (const region of view.regions || []) if (region.axis === "y") { see(from, region.from); see(from, region.to); }
  if (low > high) return [0, 1];
  const margin = high > low ? (high - low) / 20 : Math.abs(low) / 20 || 1;
  return [low - margin, high + margin];
}

// How far the names beside the ends of lines have to move so that none lies on another, line by line, in pixels.
function labelShifts(view, state, y, height) {
  const [from, to] = state.range;
  const shown = (view.lines || []).filter((line) => line.label && !state.off.has(switchName(line)));
  const ends = shown.map((line) => {
    const xs = lineXs(line).map((x) => scaled(x, state.logX));
    let last = xs.length - 1;
    while (last >= 0 && (line.ys[last] === null || xs[last] > to || xs[last] < from)) last -= 1;
    const value = last < 0 ? y[0] : scaled(line.ys[last], state.logY);
    return { line, place: last < 0 ? from : xs[last], at: ((y[1] - value) / (y[1] - y[0])) * height };
  }).sort((a, b) => a.at - b.at);
  const moved = ends.map((end) => end.at);
  for (let k = 1; k < ends.length; k += 1) {
    // Ends far apart along the chart do not meet.
    if (Math.abs(ends[k].place - ends[k - 1].place) > (to - from) / 12) continue;
    const lack = 15 - (moved[k] - moved[k - 1]);
    if (lack > 0) { moved[k - 1] -= lack / 2; moved[k] += lack / 2; }
  }
  return new Map(ends.map((end, k) => [end.line, moved[k] - end.at]));
}

function lineSeries(view, state, colours, wide, shifts) {
  const label = (line) => ({
    show: wide && Boolean(line.label), formatter: line.label || "", color: line.hue === "grey" ? colours.muted : colours[line.hue], fontWeight: "bold",
    distance: 6, offset: [0, shifts.get(line) || 0], textBorderColor: colours.paper, textBorderWidth: 3,
  });
  return (view.lines || []).filter((line) => !state.off.has(switchName(line))).map((line) => ({
    type: "line",
    name: line.name,
    data: lineXs(line).map((x, index) => [scaled(x, state.logX), scaled(line.ys[index], state.logY)]),
    showSymbol: Boolean(line.dots),
    symbol: "circle",
    symbolSize: line.dots ? 5 : 7,
    silent: Boolean(line.group),
    connectNulls: false,
    color: colours[line.hue],
    lineStyle: { width: line.scattered ? 0 : line.group ? 0.8 : 1.7, opacity: line.group ? 0.55 : 1 },
    emphasis: { disabled: true },
    z: line.group ? 2 : 3,
    endLabel: label(line),
  }));
}

// A filled band: an unseen line below, and the distance to the upper one stacked on it.
function areaSeries(view, state, colours) {
  return (view.areas || []).filter((area) => !state.off.has(area.name)).flatMap((area, index) => {
    const part = (values, opacity) => ({
      type: "line", name: area.name, stack: `${area.name} ${index}`, silent: true, showSymbol: false, z: 1,
      data: values.map((value, step) => [area.x0 + step, value]),
      lineStyle: { opacity: 0 }, areaStyle: { color: colours[area.hue], opacity }, emphasis: { disabled: true },
      stackStrategy: "all",
    });
    return [part(area.lower, 0), part(area.upper.map((value, step) => value - area.lower[step]), 0.22)];
  });
}

function barSeries(view, state, colours, pixelsPerUnit) {
  return (view.bars || []).filter((bars) => !state.off.has(bars.name)).map((bars) => ({
    type: "bar", name: bars.name, data: bars.xs.map((x, index) => [x, bars.ys[index]]),
    barWidth: Math.max(1, bars.width * pixelsPerUnit - 1), itemStyle: { color: colours[bars.hue] }, emphasis: { disabled: true },
  }));
}

// A label is centred on its line unless it would leave the chart.
function sideOf(view, state, mark) {
  const share = (scaled(mark.at, state.logX) - state.range[0]) / (state.range[1] - state.range[0]);
  return share > 0.88 ? "right" : share < 0.06 ? "left" : "center";
}

// On which level the label of each line across stands, so that none lies on another: 0 next to the plot, then above it.
function markLevels(view, state, pixels) {
  const taken = [];
  const levels = new Map();
  for (const mark of [...(view.marks || [])].filter((mark) => mark.axis === "x").sort((a, b) => a.at - b.at)) {
    const width = 7.2 * mark.label.length + 8;
    const share = { center: 0.5, left: 0, right: 1 }[sideOf(view, state, mark)];
    const from = (scaled(mark.at, state.logX) - state.range[0]) * pixels - share * width;
    let level = taken.findIndex((end) => end <= from);
    if (level < 0) level = taken.length;
    taken[level] = from + width;
    levels.set(mark, level);
  }
  return levels;
}

// Labelled lines and shaded ranges hang on a series without points, which no button switches off.
function guides(view, state, colours, levels) {
  const marks = view.marks || [];
  const on = (axis, value) => ({ [axis === "x" ? "xAxis" : "yAxis"]: scaled(value, axis === "x" ? state.logX : state.logY) });
  return {
    type: "scatter", name: "", data: [], silent: true,
    markLine: {
      silent: true, symbol: "none", animation: false, lineStyle: { color: colours.ink, width: 1.2, type: "solid" },
      data: marks.map((mark) => ({
        ...on(mark.axis, mark.at),
        label: {
          show: true, formatter: mark.label, color: colours.ink, fontFamily: FONT, fontWeight: "bold",
          align: mark.axis === "x" ? sideOf(view, state, mark) : undefined,
          position: mark.axis === "x" ? "end" : "insideEndTop", distance: mark.axis === "x" ? 4 + 15 * levels.get(mark) : 4,
        },
      })),
    },
    markArea: {
      silent: true, animation: false,
      data: (view.regions || []).map((region) => [
        {
          ...on(region.axis, region.from), itemStyle: { color: colours[region.hue], opacity: 0.15 },
          label: { show: Boolean(region.label), formatter: region.label, color: colours[region.hue], fontFamily: FONT, fontWeight: "bold", position: "insideTop", distance: 8 },
        },
        on(region.axis, region.to),
      ]),
    },
  };
}
