// The browser's check digits agree with the published examples of GB 11643 and GB 32100.
import assert from "node:assert/strict";
import test from "node:test";
import { credit, identity } from "../src/scripts/checks.js";

test("identity numbers", () => {
  assert.ok(identity("11010519491231002X"));
  assert.ok(identity("440524188001010014"));
  assert.ok(!identity("110105194912310021"));
  assert.ok(!identity("11010519491231002"));
});

test("credit codes", () => {
  assert.ok(credit("91350100M000100Y43"));
  assert.ok(!credit("91350100M000100Y44"));
  assert.ok(!credit("91350100M000100Y4Z"));
});
