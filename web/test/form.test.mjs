// The browser's side of forms gives what the server gives: the same vectors are run by crates/forms.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { build } from "esbuild";

async function load(entry) {
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: "esm", write: false });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

const [{ evaluate }, reading, { put, settle }] = await Promise.all(
  ["src/form/evaluate.ts", "src/form/read.ts", "src/form/answers.ts"].map(load),
);
const vectors = JSON.parse(await readFile(new URL("../../crates/forms/vectors.json", import.meta.url), "utf8"));

test("expressions give what the vectors say", () => {
  const { answers, row, today } = vectors;
  for (const [expr, wanted] of vectors.expressions) {
    assert.deepEqual(evaluate(expr, { answers, row, today }), wanted, JSON.stringify(expr));
  }
  assert.ok(vectors.expressions.length > 60);
});

test("numbers and days are read as the vectors say", () => {
  for (const [text, digits, wanted] of vectors.numbers) assert.equal(reading.readNumber(text, digits), wanted, text);
  for (const [text, wanted] of vectors.days) assert.equal(reading.readDay(text), wanted, text);
  for (const [text, wanted] of vectors.partialDays) assert.equal(reading.readPartialDay(text), wanted, text);
  for (const [text, wanted] of vectors.times) assert.equal(reading.readTime(text), wanted, text);
});

test("numbers are written as they are read", () => {
  for (const [value, text] of [[1234567.5, "1.234.567,5"], [-1000, "-1.000"], [0, "0"], [64_200_000, "64.200.000"], [0.30000000000000004, "0,30000000000000004"]]) {
    assert.equal(reading.written(value), text);
  }
});

test("rules are worked out in order, row by row, and hidden answers drop out", () => {
  const answers = {};
  for (const [name, value] of [["kind", "b"], ["other", 5], ["rows[0].count", 2], ["rows[0].price", 10], ["rows[2].count", 3], ["rows[2].price", 4]]) {
    put(answers, name, value);
  }
  const rule = (path, more) => ({ path, visible: null, required: null, computed: null, ...more });
  const logic = [
    rule("other", { visible: { is: [{ field: "kind" }, "a"] } }),
    rule("rows.amount", { computed: { times: [{ field: ".count" }, { field: ".price" }] } }),
    rule("total", { computed: { sum: [{ sum: "rows.amount" }, { field: "other" }] } }),
    rule("proof", { required: { more: [{ field: "total" }, 30] } }),
  ];
  const verdicts = settle(answers, logic, "2026-11-21");
  assert.equal(verdicts.get("other").visible, false);
  assert.equal(verdicts.get("rows[0].amount").value, 20);
  assert.equal(verdicts.get("rows[1].amount").value, null, "an empty row stays empty");
  assert.equal(verdicts.get("total").value, 32);
  assert.equal(verdicts.get("proof").required, true);
});
