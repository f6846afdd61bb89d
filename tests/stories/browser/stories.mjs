// What a person does in a real browser, one story a call: node stories.mjs STORY, with what it needs as JSON in $STORY. Ends with 1 where something
// is not as it should be. Called by test_browser.py.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const given = JSON.parse(process.env.STORY ?? "{}");
const here = path.dirname(fileURLToPath(import.meta.url));
const axeSource = fs.readFileSync(path.join(here, "node_modules/axe-core/axe.min.js"), "utf8");
const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

function check(holds, what) {
  if (!holds) throw new Error(what);
}

/// Waits for it: a click does not wait for the page that it leads to.
async function sees(locator, what) {
  try {
    await locator.first().waitFor({ state: "visible", timeout: 20000 });
  } catch {
    throw new Error(what);
  }
}

/// A page that fails the story when it runs into an error of script or policy, or asks anybody else for anything.
async function open(browser, { javaScript = true, viewport = desktop } = {}) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: javaScript, viewport, bypassCSP: false });
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(`script: ${error.message}`));
  page.on("console", (line) => {
    if (line.type() === "error" && !/status of (4\d\d|503)/.test(line.text())) page.problems.push(`console: ${line.text()}`);
  });
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(given.url) && !address.startsWith("data:")) page.problems.push(`asked elsewhere: ${address}`);
  });
  return page;
}

async function signIn(page, name) {
  await page.goto(given.url + "/");
  await page.getByLabel("Name of your account").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(given.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await sees(page.getByRole("button", { name: "Sign out" }), `${name} is not signed in`);
}

async function axe(page, what) {
  const context = page.context();
  const other = await context.newPage();
  await other.close();
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  const lines = found.violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
  check(lines.length === 0, `axe on ${what}:\n  ${lines.join("\n  ")}`);
}

async function screenshot(page, name) {
  if (!given.screenshots) return;
  fs.mkdirSync(given.screenshots, { recursive: true });
  await page.screenshot({ path: path.join(given.screenshots, `${name}.png`), fullPage: true });
}

function clean(page) {
  check(page.problems.length === 0, page.problems.join("\n"));
}

const stories = {
  /// Signs in, finds by search, reads, releases one and returns another; by what is written on the page, as a person would.
  async review(browser) {
    const page = await open(browser, { javaScript: given.javaScript });
    await signIn(page, given.user);
    await page.getByLabel("Search words or names").fill("fence");
    await page.getByRole("button", { name: /Apply|Search|Filter/ }).first().click();
    await page.getByRole("link", { name: "Fence" }).first().click();
    await sees(page.getByRole("heading", { name: "Why it is held" }), "no reasons");
    check((await page.locator("mark").count()) > 0, "no words are marked");
    await page.getByLabel("Why (kept in the register)").first().fill("ordered by resolution 114");
    await page.getByRole("button", { name: "Release", exact: true }).click();
    await sees(page.getByText("The message will be sent in a moment"), "not released");
    await page.getByRole("link", { name: "Held mail" }).first().click();
    await page.getByRole("link", { name: /coal yard/ }).first().click();
    await page.getByRole("button", { name: "Return to the sender" }).click();
    check(page.url().includes("/held/"), "a return without words went through");
    if (!(await page.getByLabel("Your words to the sender").isVisible())) await page.goBack();
    await page.getByLabel("Your words to the sender").fill("Please speak to the clerk first.");
    await page.getByRole("button", { name: "Return to the sender" }).click();
    await sees(page.getByText("The message goes back to its sender"), "not returned");
    await page.getByRole("button", { name: "Sign out" }).click();
    await sees(page.getByRole("heading", { name: "Sign in" }), "not signed out");
    clean(page);
  },

  /// Two reviewers have the same message open; the second is told who was first.
  async race(browser) {
    const [first, second] = [await open(browser), await open(browser)];
    await signIn(first, given.user);
    await signIn(second, given.other);
    for (const page of [first, second]) await page.goto(`${given.url}/held/${given.held}`);
    await first.getByRole("button", { name: "Release", exact: true }).click();
    await second.getByLabel("Your words to the sender").fill("No.");
    await second.getByRole("button", { name: "Return to the sender" }).click();
    await sees(second.getByText(new RegExp(`already (being )?released.*by ${given.user}`)), "the second is not told who was first");
    clean(first);
  },

  /// Whoever has a part in a message finds no button to decide.
  async conflict(browser) {
    const page = await open(browser);
    await signIn(page, given.user);
    await page.goto(`${given.url}/held/${given.held}`);
    await sees(page.getByText("Somebody else has to decide"), "no word of a conflict");
    check((await page.getByRole("button", { name: "Release", exact: true }).count()) === 0, "there is a button to release");
    clean(page);
  },

  /// Every page, at both widths, with and without JavaScript: no violation of WCAG 2.2 AA, nothing wider than the screen, nothing asked elsewhere.
  async pages(browser) {
    for (const [width, viewport] of [["desktop", desktop], ["phone", phone]]) {
      // Without JavaScript nothing looks different by width: the style is the same.
      for (const javaScript of width === "desktop" ? [true, false] : [true]) {
        const page = await open(browser, { viewport, javaScript });
        await page.goto(given.url + "/sign-in");
        if (javaScript) await axe(page, "/sign-in");
        await screenshot(page, `sign-in-${width}${javaScript ? "" : "-plain"}`);
        await signIn(page, given.user);
        for (const [name, address] of Object.entries(given.pages)) {
          const answer = await page.goto(given.url + address);
          check(answer.status() < 500, `${address}: ${answer.status()}`);
          check((await page.locator("h1").count()) === 1, `${address}: not one heading`);
          if (javaScript) {
            await axe(page, `${address} (${width})`);
            const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            check(over <= 1, `${address} is ${over} pixels wider than the ${width}`);
          }
          await screenshot(page, `${name}-${width}${javaScript ? "" : "-plain"}`);
        }
        clean(page);
        await page.context().close();
      }
    }
  },

  /// Through the inbox by keyboard alone.
  async keyboard(browser) {
    const page = await open(browser);
    await signIn(page, given.user);
    await page.goto(given.url + "/inbox");
    await page.keyboard.press("Tab");
    check(await page.evaluate(() => document.activeElement?.textContent?.includes("Skip to main content")), "the first stop is not the skip link");
    await page.keyboard.press("Enter");
    await page.keyboard.press("j");
    const target = await page.evaluate(() => document.activeElement?.getAttribute("href"));
    check(target?.startsWith("/held/"), `j leads to ${target}`);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/held\//);
    clean(page);
  },

  /// A hostile message shown in its frame: nothing runs, nothing is loaded.
  async hostile(browser) {
    const page = await open(browser);
    page.on("dialog", (dialog) => {
      page.problems.push("a dialog opened");
      dialog.dismiss();
    });
    await signIn(page, given.user);
    await page.goto(`${given.url}/held/${given.held}`);
    for (const summary of await page.getByText("As it is laid out").all()) await summary.click();
    await page.waitForTimeout(1500);
    check(page.frames().length > 1, "no frame");
    page.problems = page.problems.filter((problem) => !problem.startsWith("console: Blocked script execution"));
    clean(page);
  },
};

const browser = await chromium.launch({
  executablePath: given.chromium ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  await stories[process.argv[2]](browser);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await browser.close();
}
