// node xtask/browser/png.mjs FOLDER [--scale 2]
//
// Turns FOLDER/charts/*.svg into PNG files beside them, for papers and places that do not take SVG. A browser renders
// them because a renderer of our own would bring fonts and dozens of crates along.

import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { start } from "./browser.mjs";

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { scale: { type: "string", default: "2" } } });
const folder = join(resolve(positionals[0] ?? "target/reproduce"), "charts");
const browser = await start();
if (typeof browser === "string") {
  console.log(`failed: no PNG was made: ${browser}`);
  process.exit(1);
}
try {
  const page = await browser.newPage({ deviceScaleFactor: Number(options.scale), colorScheme: "light" });
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".svg")).sort()) {
    const svg = readFileSync(join(folder, name), "utf8");
    await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
    await page.locator("svg").screenshot({ path: join(folder, name.replace(/svg$/, "png")) });
    console.log(join(folder, name.replace(/svg$/, "png")));
  }
} finally {
  await browser.close();
}
