// Looks at rendered pages: serves a folder on loopback under the platform's own policy, takes a picture of each page
// at 1366 and 390 pixels and runs axe over it. `npm run look -- FOLDER [page …]`; fails when axe or the policy objects,
// when the page is wider than the screen, or when a first visit costs more than 12 requests or 200 kB compressed.
// CHROMIUM names the browser if it is not /usr/bin/chromium.
import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png" };
const folder = resolve(process.argv[2] ?? ".");
const wanted = process.argv.slice(3);
const pages = readdirSync(folder).filter((f) => f.endsWith(".html") && (!wanted.length || wanted.includes(f.slice(0, -5))));
const axe = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

const server = createServer((request, reply) => {
  const file = join(folder, new URL(request.url, "http://x").pathname);
  if (!file.startsWith(folder) || !existsSync(file)) return reply.writeHead(404).end();
  reply.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-security-policy": POLICY });
  createReadStream(file).pipe(reply);
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const base = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-quic", "--disable-gpu"] });
let objections = 0;
const object = (text) => {
  objections += 1;
  console.log(`  ✗ ${text}`);
};

for (const name of pages) {
  for (const [width, height] of [[1366, 900], [390, 844]]) {
    // axe is brought in by the tester, which the pages' policy rightly refuses; the policy is watched in a visit of its own.
    for (const bypassCSP of [false, true]) {
      const context = await browser.newContext({ viewport: { width, height }, bypassCSP, locale: "zh-CN", isMobile: width < 500, hasTouch: width < 500 });
      const page = await context.newPage();
      let requests = 0;
      let bytes = 0;
      const bodies = [];
      page.on("console", (message) => message.type() === "error" && object(`${name} ${width}: ${message.text()}`));
      page.on("pageerror", (error) => object(`${name} ${width}: ${error.message}`));
      page.on("response", (response) => {
        requests += 1;
        bodies.push(response.body());
      });
      await page.goto(`${base}/${name}`, { waitUntil: "networkidle" });
      if (!bypassCSP) {
        for (const body of await Promise.all(bodies)) bytes += gzipSync(body).length;
        await page.screenshot({ path: join(folder, `${name.slice(0, -5)}-${width}.png`), fullPage: true });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (wide > 0) object(`${name} ${width}: ${wide} pixels wider than the screen`);
        if (requests > 12 || bytes > 200_000) object(`${name} ${width}: ${requests} requests, ${bytes} bytes`);
        console.log(`${name} ${width}: ${requests} requests, ${bytes} bytes gzip`);
      } else {
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        for (const v of violations) object(`${name} ${width} axe ${v.id}: ${v.help} — ${v.nodes.slice(0, 4).map((n) => `${n.target} (${n.any[0]?.message ?? ""})`).join(" | ")}`);
      }
      await context.close();
    }
  }
}
await browser.close();
server.close();
process.exitCode = objections ? 1 : 0;
