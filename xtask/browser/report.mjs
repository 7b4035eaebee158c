// node xtask/browser/report.mjs FOLDER|FILE [--json FILE] [--require] [--shots DIR]
//
// Opens FOLDER/report.html in Chromium and uses it as a reader would, checking it against FOLDER/results.json. A FILE is
// a page of the tool's --report; with --json it is checked against what the same command printed with its --json. Without
// a browser it says so and succeeds; with --require it fails then. --shots keeps pictures to look at.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { open, start } from "./browser.mjs";
import * as checks from "./checks.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, require: { type: "boolean" }, shots: { type: "string" } },
});
const place = resolve(positionals[0] ?? "target/reproduce");
const single = place.endsWith(".html");
const file = single ? place : join(place, "report.html");
const results = single ? null : JSON.parse(readFileSync(join(place, "results.json"), "utf8"));

const browser = await start();
if (typeof browser === "string") {
  console.log(`${options.require ? "failed" : "skipped"}: the report was not opened: ${browser}`);
  process.exit(options.require ? 1 : 0);
}

let failures = 0;
async function check(name, act) {
  try {
    console.log(`ok      ${await act()}`);
  } catch (error) {
    failures += 1;
    console.log(`FAILED  ${name}: ${error.message}`);
  }
}

async function desk() {
  const { page, problems, close } = await open(browser, file, { colorScheme: "light" });
  const ids = await page.locator("figure[data-interactive]").evaluateAll((figures) => figures.map((figure) => figure.id));
  const lines = ids.filter((id) => id !== "chart-distribution");
  if (results) {
    await check("numbers", () => checks.numbersAreThoseOfTheResults(page, results));
    await check("table", () => checks.tableTwinHoldsEveryRun(page, results));
  }
  if (options.json) await check("numbers", () => checks.errorsAreThoseOfTheTool(page, JSON.parse(readFileSync(options.json, "utf8"))));
  if (await page.locator("#picker").count()) await check("picker", () => checks.aSeriesIsChosen(page));
  for (const id of ids) await check("drawn", async () => { await checks.figure(page, id); return `${id} is drawn`; });
  for (const id of lines) await check("zoom", () => checks.buttonsAndDraggingZoom(page, id));
  for (const id of ids.filter((id) => !id.endsWith("series"))) await check("hover", () => checks.hoveringShowsValues(page, id));
  for (const id of lines) if (await page.locator(`#${id} button.series`).count()) await check("switch", () => checks.aSeriesIsSwitched(page, id));
  if (results) await check("switch", () => checks.aSeriesIsSwitched(page, "chart-distribution"));
  await check("names", () => checks.everythingHasAName(page));
  await check("colours", () => checks.darkAndLight(page));
  if (options.shots) await page.screenshot({ path: join(options.shots, "desk.png"), fullPage: true });
  await check("console", async () => { if (problems.length) throw new Error(problems.join("\n")); return "no error on the console, no request"; });
  await close();
}

async function phone() {
  const { page, problems, close } = await open(browser, file, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, colorScheme: "dark" });
  for (const id of await page.locator("figure[data-interactive]").evaluateAll((figures) => figures.map((figure) => figure.id))) await checks.figure(page, id);
  await check("phone", () => checks.fitsAPhone(page));
  await check("console", async () => { if (problems.length) throw new Error(problems.join("\n")); return "no error on the console of a phone"; });
  if (options.shots) await page.screenshot({ path: join(options.shots, "phone.png"), fullPage: true });
  await close();
}

// Without scripts, every chart is there as a still picture, and so are the tables.
async function withoutScripts() {
  const { page, close } = await open(browser, file, { javaScriptEnabled: false });
  await check("no scripts", () => checks.stillsStandIn(page));
  if (options.shots) await page.screenshot({ path: join(options.shots, "without-scripts.png"), fullPage: true });
  await close();
}

try {
  await desk();
  await phone();
  await withoutScripts();
} finally {
  await browser.close();
}
console.log(failures ? `${failures} checks failed` : "the report does what it should");
process.exit(failures ? 1 : 0);
