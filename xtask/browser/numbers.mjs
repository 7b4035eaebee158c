// The numbers that the page must show, worked out from results.json alone.

/** NumPy's default quantile; a diverged run counts as infinite. */
function quantile(values, p) {
  const sorted = values.map((value) => value ?? Infinity).sort((a, b) => a - b);
  const place = (sorted.length - 1) * p;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === high ? low : low + (place - Math.floor(place)) * (high - low);
}

/** Every experiment's validation MAEs by seed, in the order of the runs. */
export function samples(results) {
  const found = new Map();
  for (const run of results.runs) found.set(run.experiment, [...(found.get(run.experiment) || []), [run.seed, run.val_mae]]);
  return found;
}

/** What a row of the answer's table says of our runs: median, quartiles, sample size. */
export function spread(runs) {
  const values = runs.map(([, mae]) => mae);
  const figures = [0.5, 0.25, 0.75].map((p) => quantile(values, p));
  return { figures, n: values.length };
}

/** The share of runs below naive, in percent. */
export function share(runs, naive) {
  return (100 * runs.filter(([, mae]) => mae !== null && mae < naive).length) / runs.length;
}

/** Whether a text with two decimals stands for a number; ties may round either way. */
export function shows(text, number) {
  if (!Number.isFinite(number)) return text === "diverged";
  return /^\d+\.\d\d$/.test(text) && Math.abs(Number(text) - number) <= 0.005 + 1e-9;
}
