// Every pair of colours that the token file names reaches WCAG AA: words 4.5:1, edges 3:1.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const tokens = readFileSync(new URL("../src/styles/_tokens.scss", import.meta.url), "utf8");
const block = (name) => tokens.match(new RegExp(`\\$${name}: \\(([\\s\\S]*?)\\n\\);`))?.[1] ?? "";
const colours = new Map([...block("colours").matchAll(/"([\w-]+)": (#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]]));
const pairs = (name) => [...block(name).matchAll(/\("([\w-]+)", "([\w-]+)"\)/g)].map((m) => [m[1], m[2]]);

function luminance(hex) {
  const [r, g, b] = [1, 3, 5]
    .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

test("the measure itself is right", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.ok(Math.abs(contrast("#767676", "#ffffff") - 4.54) < 0.01);
});

for (const [name, least] of [["text-pairs", 4.5], ["edge-pairs", 3]]) {
  test(`${name} reach ${least}:1`, () => {
    const rows = pairs(name);
    assert.ok(rows.length > 10, `${name} was not read`);
    for (const [front, ground] of rows) {
      assert.ok(colours.has(front) && colours.has(ground), `${front} or ${ground} is no token`);
      const ratio = contrast(colours.get(front), colours.get(ground));
      assert.ok(ratio >= least, `${front} on ${ground} is ${ratio.toFixed(2)}:1`);
    }
  });
}

test("no colour is written outside the token file", () => {
  for (const part of ["base", "frame", "controls", "table", "parts", "chart", "portal", "print"]) {
    const css = readFileSync(new URL(`../src/styles/_${part}.scss`, import.meta.url), "utf8");
    assert.deepEqual(css.match(/#[0-9a-f]{3,8}\b(?!-)/gi) ?? [], [], `_${part}.scss`);
  }
});
