// Looks at a page as it is drawn: axe with the rules of WCAG 2.2 AA, nothing wider than the screen, and a small picture
// for docs/screens (a palette of 96 colours, no taller than nearly two screens).
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import UPNG from "upng-js";
import { encode } from "./palette.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCREENS = new URL("../../../docs/screens/", import.meta.url);
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// What axe and the ruler find wrong on the page, a line each.
export async function faults(visitor) {
  const { page } = visitor;
  await page.evaluate(axe);
  const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS);
  const found = violations.map((v) => `axe ${v.id}: ${v.help} — ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.any[0]?.message ?? n.all[0]?.message ?? ""}`).join(" | ")}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) found.push(`${wide} pixels wider than the screen`);
  return found;
}

// Keeps a picture of the page under this name and the width of the screen.
export async function picture(visitor, name) {
  const { page, size } = visitor;
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  const height = Math.max(size.height, Math.min(tall, Math.round(size.height * 1.8)));
  await page.setViewportSize({ width: size.width, height });
  const shot = UPNG.decode(await page.screenshot());
  await page.setViewportSize(size);
  const small = encode(new Uint8Array(UPNG.toRGBA8(shot)[0]), shot.width, shot.height, 96);
  mkdirSync(SCREENS, { recursive: true });
  writeFileSync(new URL(`${name}-${size.width}.png`, SCREENS), small);
}

// Both, failing with every fault at once.
export async function look(visitor, name) {
  const found = await faults(visitor);
  await picture(visitor, name);
  assert.deepEqual(found, [], `${name} at ${visitor.size.width}`);
}
