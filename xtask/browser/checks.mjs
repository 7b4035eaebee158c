// What a reader does with the page, and what must come of it. Each check throws when it does not.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { samples, share, shows, spread } from "./numbers.mjs";

/** A digest of the pixels of a figure's first chart, to see whether anything changed. */
async function picture(figure) {
  const pixels = await figure.locator("canvas").first().evaluate((canvas) => canvas.toDataURL());
  return createHash("sha256").update(pixels).digest("hex").slice(0, 12);
}

/** A figure by its id, on the screen and drawn. */
export async function figure(page, id) {
  const found = page.locator(`figure#${id}`);
  await found.scrollIntoViewIfNeeded();
  await found.locator("canvas").first().waitFor();
  return found;
}

export async function numbersAreThoseOfTheResults(page, results) {
  const runs = samples(results);
  assert.ok(runs.size > 0, "results.json has no runs");
  for (const [experiment, own] of runs) {
    const row = page.locator(`#answer tr[data-experiment="${experiment}"]`);
    const text = (await row.locator("td.ours").innerText()).replace(/\s+/g, " ").trim();
    const { figures, n } = spread(own);
    const shown = text.match(n === 1 ? /^(\S+) n=(\d+)$/ : /^(\S+) \[(\S+), (\S+)\] n=(\d+)$/);
    assert.ok(shown, `${experiment}: cannot read ${JSON.stringify(text)}`);
    assert.equal(Number(shown.at(-1)), n, `${experiment}: number of seeds`);
    shown.slice(1, -1).forEach((figure, index) => assert.ok(shows(figure, figures[index]), `${experiment}: ${figure} is not ${figures[index]}`));
    if (results.baselines.naive) {
      const percent = (await row.locator("td").last().innerText()).match(/^(\d+) %$/);
      assert.ok(percent && Math.abs(Number(percent[1]) - share(own, results.baselines.naive.mae)) <= 0.5 + 1e-9, `${experiment}: share that beats naive`);
    }
  }
  const lines = await page.locator("#answer tfoot tr").allInnerTexts();
  if (results.baselines.naive) {
    const naive = lines.find((line) => line.startsWith("naive"));
    assert.ok(naive && shows(naive.match(/\d+\.\d\d/)[0], results.baselines.naive.mae), "naive's line");
  }
  return `${runs.size} experiments as in results.json`;
}

export async function tableTwinHoldsEveryRun(page, results) {
  const chart = await figure(page, "chart-distribution");
  await chart.locator("summary").click();
  // The page fills the table when it hears that it was opened.
  await chart.locator("details tbody tr").first().waitFor();
  const rows = await chart.locator("details tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
  for (const run of results.runs) {
    const row = rows.find(([experiment, whose, seed]) => experiment === run.experiment && whose === "ours" && seed === String(run.seed));
    assert.ok(row, `${run.experiment}, seed ${run.seed} is not in the table`);
    assert.equal(row[3], run.val_mae === null ? "diverged" : run.val_mae.toFixed(4), `${run.experiment}, seed ${run.seed}`);
  }
  return `${results.runs.length} runs in the table beside the chart`;
}

export async function buttonsAndDraggingZoom(page, id) {
  const chart = await figure(page, id);
  const all = chart.getByRole("button", { name: "all", exact: true });
  await all.click();
  const before = await picture(chart);
  const group = chart.getByRole("group", { name: "zoom" });
  const named = group.locator("button[aria-pressed]").filter({ hasNotText: /^(all|log .)$/ });
  if (await named.count()) {
    await named.first().click();
    assert.equal(await named.first().getAttribute("aria-pressed"), "true", "the zoom's button shows that it is on");
  } else {
    await group.getByRole("button", { name: "zoom in" }).click();
  }
  assert.equal(await all.getAttribute("aria-pressed"), "false");
  assert.notEqual(await picture(chart), before, "the zoom's button changes the picture");
  await all.click();
  assert.equal(await picture(chart), before, "all brings the picture back");

  const box = await chart.locator(".plot").first().boundingBox();
  const [y, from, to] = [box.y + box.height * 0.5, box.x + box.width * 0.4, box.x + box.width * 0.6];
  await page.mouse.move(from, y);
  await page.mouse.down();
  await page.mouse.move((from + to) / 2, y, { steps: 4 });
  await page.mouse.move(to, y, { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction((id) => /^shown: /.test(document.querySelector(`#${id} [aria-live]`).textContent), id);
  assert.notEqual(await picture(chart), before, "dragging changes the picture");

  await chart.locator(".plot").first().focus();
  await page.keyboard.press("Home");
  assert.equal(await all.getAttribute("aria-pressed"), "true", "Home shows all");
  await page.keyboard.press("+");
  assert.equal(await all.getAttribute("aria-pressed"), "false", "plus zooms in");
  await page.keyboard.press("Home");
  return `${id} zooms by button, mouse and key`;
}

export async function aSeriesIsSwitched(page, id) {
  const chart = await figure(page, id);
  const button = chart.locator("button.series").first();
  const pressed = await button.getAttribute("aria-pressed");
  // What hovering left in the picture goes with the first click.
  const pictures = [];
  for (let click = 0; click < 3; click += 1) {
    await button.click();
    pictures.push(await picture(chart));
  }
  assert.notEqual(await button.getAttribute("aria-pressed"), pressed);
  assert.notEqual(pictures[1], pictures[0], "switching a series changes the picture");
  assert.equal(pictures[2], pictures[0], "switching back and forth brings the picture back");
  await button.click();
  return `${id}: a series goes and comes`;
}

export async function hoveringShowsValues(page, id) {
  const chart = await figure(page, id);
  const plot = chart.locator(".plot").first();
  const box = await plot.boundingBox();
  // The middle of the chart, or a dot where there are only dots.
  const dot = await plot.evaluate((element) => {
    const drawn = echarts.getInstanceByDom(element);
    const index = drawn.getOption().series.findIndex((series) => series.data.some((point) => point.words));
    return index < 0 ? null : drawn.convertToPixel({ seriesIndex: index }, drawn.getOption().series[index].data[0].value);
  });
  const [x, y] = dot ?? [box.width * 0.45, box.height * 0.45];
  await page.mouse.move(box.x + x - 1, box.y + y);
  await page.mouse.move(box.x + x, box.y + y);
  const tip = chart.locator(".plot").first().getByText(/: −?\d/).first();
  await tip.waitFor({ timeout: 5000 });
  await page.mouse.move(1, 1);
  return `${id}: hovering shows values`;
}

export async function darkAndLight(page) {
  await page.evaluate(() => scrollTo(0, 0));
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const chart = page.locator("figure:has(canvas)").first();
  const [before, drawn] = [await paper(), await picture(chart)];
  await page.locator("#theme").click();
  assert.notEqual(await paper(), before, "the page changes its colours");
  assert.notEqual(await picture(chart), drawn, "the charts change theirs");
  await page.locator("#theme").click();
  assert.equal(await paper(), before);
  return "dark and light";
}

export async function fitsAPhone(page) {
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(widths[0] <= widths[1], `the page is ${widths[0]} wide on a screen of ${widths[1]}`);
  return "fits a phone";
}

export async function everythingHasAName(page) {
  const nameless = await page.evaluate(() => {
    const name = (element) => element.getAttribute("aria-label") || element.textContent.trim();
    return [...document.querySelectorAll("button, a, [role=img], [role=region], summary")].filter((element) => !name(element)).map((element) => element.outerHTML);
  });
  assert.deepEqual(nameless, [], "elements without a name for screen readers");
  return "every control and chart has a name";
}

/** The table of errors against what `recurra fit`, `forecast` or `backtest` printed as JSON. */
export async function errorsAreThoseOfTheTool(page, printed) {
  const rows = await page.locator("#scores table tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
  const [[, ...metrics], ...methods] = rows;
  const held = printed.hold_out;
  const expected = printed.models
    ? printed.models.map((model) => [model.model, { MAE: model.mae, RMSE: model.rmse, MASE: model.mase, bias: model.bias }])
    : [[printed.model, { MAE: held.mae }], ["naive", { MAE: held.naive_mae }]];
  for (const [method, values] of expected) {
    const row = methods.find(([name]) => name === method);
    assert.ok(row, `${method} has no row`);
    metrics.forEach((metric, at) => {
      const shown = row[at + 1];
      const value = values[metric];
      if (value === null || value === undefined) assert.equal(shown, "undefined", `${method}, ${metric}`);
      else assert.ok(Math.abs(Number(shown.replace("−", "-")) - value) <= 0.0005001 * Math.abs(value), `${method}, ${metric}: ${shown} is not ${value}`);
    });
  }
  return `errors of ${expected.length} methods as in the JSON`;
}

/** A series is found by its name, by its rank, and from the table; its charts take the place of the others'. */
export async function aSeriesIsChosen(page) {
  const title = page.locator("#picked-series h3");
  const worst = await title.innerText();
  await page.getByRole("button", { name: "best", exact: true }).click();
  const best = await title.innerText();
  assert.notEqual(best, worst, "the best series is not the worst");
  await page.locator("#pick").fill(worst);
  await page.keyboard.press("Enter");
  assert.equal(await title.innerText(), worst, "the name leads to the series");
  await page.locator("#pick").fill("no such series");
  await page.keyboard.press("Enter");
  assert.match(await page.locator("#picker [aria-live]").innerText(), /no series here/);
  const link = page.locator("a[data-pick]").last();
  if (await link.count()) {
    const name = await link.innerText();
    await link.click();
    assert.equal(await title.innerText(), name, "the table leads to the series");
  }
  assert.equal(await page.locator("#picked-series canvas").count(), 1, "one chart, whatever was there before");
  return "a series is chosen by rank, name and table";
}

export async function stillsStandIn(page) {
  const figures = page.locator("figure[data-interactive]");
  const [all, still] = [await figures.count(), await figures.locator("svg").count()];
  assert.ok(all > 0 && still >= all, `${still} still pictures for ${all} charts`);
  const box = await figures.first().locator("svg").first().boundingBox();
  assert.ok(box && box.width > 200 && box.height > 100, "the first picture is seen");
  assert.equal(await page.locator(".plot:visible").count(), 0, "nothing empty where the charts would be");
  assert.ok((await page.locator("table").count()) > 0, "the tables are there");
  return `${still} still pictures without scripts`;
}
