// Finds a browser, or says why there is none.

import { existsSync } from "node:fs";

const PLACES = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

/** A started browser, or a sentence that says what is missing. */
export async function start() {
  const executablePath = PLACES.find((place) => place && existsSync(place));
  if (!executablePath) return "no Chromium here: install it (apt-get install chromium) or set CHROMIUM to its path";
  let playwright;
  try {
    playwright = await import("playwright-core");
  } catch {
    return "playwright-core is not installed: run npm ci --prefix xtask/browser";
  }
  // Containers run as root, where Chromium's sandbox does not start. The page is our own and the network is off.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return playwright.chromium.launch({ executablePath, args });
}

/** A page that counts as failed whatever the console calls an error and whatever is asked of the network. */
export async function open(browser, file, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) problems.push(`network: ${request.url()}`);
  });
  await page.goto(`file://${file}`);
  return { page, problems, close: () => context.close() };
}
