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

function lineSeries(view, state, colours, wide) {
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
    lineStyle: { width: line.group ? 0.8 : 1.7, opacity: line.group ? 0.55 : 1 },
    emphasis: { disabled: true },
    z: line.group ? 2 : 3,
    endLabel: { show: wide && Boolean(line.label), formatter: line.label || "", color: line.hue === "grey" ? colours.muted : colours[line.hue], fontWeight: "bold", distance: 6 },
    labelLayout: { moveOverlap: "shiftY" },
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

// Labelled lines and shaded ranges hang on a series without points, which no button switches off.
function guides(view, state, colours) {
  const marks = [...(view.marks || [])].sort((a, b) => a.at - b.at);
  const on = (axis, value) => ({ [axis === "x" ? "xAxis" : "yAxis"]: scaled(value, axis === "x" ? state.logX : state.logY) });
  return {
    type: "scatter", name: "", data: [], silent: true,
    markLine: {
      silent: true, symbol: "none", animation: false, lineStyle: { color: colours.ink, width: 1.2, type: "solid" },
      data: marks.map((mark, index) => ({
        ...on(mark.axis, mark.at),
        label: {
          show: true, formatter: mark.label, color: colours.ink, fontFamily: FONT, fontWeight: "bold",
          align: mark.axis === "x" ? sideOf(view, state, mark) : undefined,
          position: mark.axis === "x" ? "end" : "insideEndTop", distance: mark.axis === "x" ? 4 + 15 * (index % 2) : 4,
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
