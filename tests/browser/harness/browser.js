// A person at a desk or with a phone, in headless Chromium. Each visit watches the console, page errors, refusals of
// the content policy and replies of 5xx; `Visitor.leave` fails the journey when there were any.
// CHROMIUM names the browser if it is not Debian's.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { PASSWORD } from "./city.js";

const FLAGS = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--lang=zh-CN",
];
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const DESK = { width: 1366, height: 768 };
export const PHONE = { width: 390, height: 844 };

export async function launch() {
  const executablePath = process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path));
  return chromium.launch({ executablePath, args: FLAGS, env: { ...process.env, LANGUAGE: "zh_CN" } });
}

export class Visitor {
  static async arrive(browser, city, { size = DESK, script = true } = {}) {
    const phone = size.width < 500;
    const context = await browser.newContext({
      viewport: size, locale: "zh-CN", timezoneId: "Asia/Shanghai", javaScriptEnabled: script, isMobile: phone, hasTouch: phone,
      baseURL: city.address, acceptDownloads: true, reducedMotion: "reduce",
    });
    context.setDefaultTimeout(20_000);
    const visitor = new Visitor();
    Object.assign(visitor, { city, context, size, objections: [], page: await context.newPage() });
    visitor.watch(visitor.page);
    return visitor;
  }

  watch(page) {
    const object = (text) => this.objections.push(`${page.url()}: ${text}`);
    page.on("console", (message) => {
      // A refused form answers 422 and a pause 429: the browser writes these down as errors, and they are none.
      const refused = /status of (404|403|409|410|422|429)/.test(message.text());
      if (message.type() === "error" && !refused) object(message.text());
    });
    page.on("pageerror", (error) => object(error.message));
    page.on("response", (response) => response.status() >= 500 && object(`${response.status()} ${response.url()}`));
    page.on("requestfailed", (request) => {
      if (!/ERR_ABORTED/.test(request.failure()?.errorText ?? "")) object(`${request.failure()?.errorText} ${request.url()}`);
    });
  }

  async go(path) {
    const reply = await this.page.goto(path);
    assert.ok(reply.status() < 400, `${path} answers ${reply.status()}: ${await this.heading()}`);
    return reply;
  }

  async heading() {
    return (await this.page.locator("h1").first().textContent({ timeout: 5_000 }).catch(() => "")).trim();
  }

  async text() {
    return this.page.locator("main").innerText();
  }

  // Waits until the page says it.
  async sees(words) {
    const place = this.page.locator("main").getByText(words).filter({ visible: true }).first();
    await place.waitFor({ timeout: 20_000 }).catch(async () => assert.fail(`“${words}” is not on ${this.page.url()}:\n${(await this.text()).slice(0, 1500)}`));
  }

  async click(name, role = "link") {
    await this.page.locator("main").getByRole(role, { name, exact: true }).first().click();
    await this.page.waitForLoadState();
  }

  async press(name) {
    await this.click(name, "button");
  }

  // Fills a field by its label, as people find it.
  async fill(label, value) {
    await this.field(label).fill(value);
  }

  field(label) {
    const exact = label instanceof RegExp ? label : new RegExp(`^\\s*${label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*\\*?\\s*$`);
    return this.page.locator("main").getByLabel(exact).first();
  }

  async signIn(login, password = PASSWORD) {
    await this.go("/login");
    await this.fill("登录名", login);
    await this.page.getByLabel("密码", { exact: false }).first().fill(password);
    await this.press("登录");
    await this.page.waitForURL((url) => url.pathname !== "/login");
    return this;
  }

  // Downloads what a click gives: { name, bytes }.
  async download(locator) {
    const [download] = await Promise.all([this.page.waitForEvent("download"), locator.click()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.objections, [], "the console, the content policy or the server objected");
  }
}
