// Errors over seeds: a dot for every run, a box from quartile to quartile, a bar at the median; Keras above ours.

function sampleRows(view) {
  return [...new Set(view.samples.map((sample) => sample.row))];
}

// Where a sample's dots lie: the rows from top to bottom, Keras in the upper half of its row.
function sampleHeight(view, sample) {
  const rows = sampleRows(view);
  const middle = rows.length - 0.5 - rows.indexOf(sample.row);
  const both = view.samples.filter((other) => other.row === sample.row).length > 1;
  return middle + (both ? (sample.name === "Keras" ? 0.2 : -0.2) : 0);
}

// The multiples of the golden ratio fill an interval evenly: dots of close errors do not hide each other.
const jitter = (position) => (((position + 1) * 0.618033988749895) % 1) * 0.22 - 0.11;

function sampleSeries(view, state, colours, wide) {
  const edge = state.range[1];
  return view.samples.filter((sample) => !state.off.has(sample.name)).flatMap((sample) => {
    const height = sampleHeight(view, sample);
    const colour = colours[sample.hue];
    const [lower, median, upper] = sample.quartiles;
    const dot = (value, position) => {
      const beyond = value === null || value > edge;
      return {
        value: [beyond ? edge : value, height + jitter(position)],
        symbol: beyond ? "triangle" : "circle", symbolRotate: beyond ? -90 : 0, symbolSize: beyond ? 9 : 7,
        words: `${sample.row}, ${sample.name}, seed ${sample.seeds[position]}: ${value === null ? "diverged" : value.toFixed(2)}`,
      };
    };
    const still = { silent: true, emphasis: { disabled: true } };
    const box = { type: "line", name: sample.name, data: [[lower, height], [upper ?? edge, height]], showSymbol: false, lineStyle: { width: 20, opacity: 0.2, color: colour, cap: "butt" }, z: 2, ...still };
    const bar = { type: "scatter", name: sample.name, data: [[median, height]], symbol: "rect", symbolSize: [3, 24], itemStyle: { color: colour, opacity: 1 }, z: 4, ...still };
    const dots = { type: "scatter", name: sample.name, data: sample.values.map(dot), itemStyle: { color: colour, opacity: 0.65 }, z: 3 };
    const label = {
      type: "scatter", name: sample.name, data: [[edge, height]], symbolSize: 0.01, itemStyle: { opacity: 1 }, ...still, clip: false,
      label: { show: wide, position: "right", distance: 12, formatter: `{b|${sample.name}}  ${sample.label}`, color: colour, rich: { b: { fontWeight: "bold", color: colour } } },
    };
    return [...(lower === null ? [] : [box]), ...(median === null ? [] : [bar]), dots, label];
  });
}
