// The islands write numbers and ages as the server does; the same examples stand in crates/web/src/look.
import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "esbuild";

async function load(lang) {
  globalThis.document = { documentElement: { lang } };
  const { outputFiles } = await build({ entryPoints: ["src/format.ts"], bundle: true, format: "esm", write: false });
  const text = Buffer.from(outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${text}#${lang}`);
}

const vi = await load("vi");
const en = await load("en");

test("numbers are grouped the way of the language", () => {
  for (const [value, digits, inVietnamese, inEnglish] of [
    [1234.5, 1, "1.234,5", "1,234.5"],
    [1_234_567, null, "1.234.567", "1,234,567"],
    [0, 2, "0,00", "0.00"],
    [-0.001, 1, "0,0", "0.0"],
    [-12.34, 1, "−12,3", "−12.3"],
    [0.1 + 0.2, null, "0,3", "0.3"],
    [999.999, 0, "1.000", "1,000"],
    [NaN, null, "–", "–"],
  ]) {
    assert.equal(vi.number(value, digits), inVietnamese);
    assert.equal(en.number(value, digits), inEnglish);
  }
  assert.equal(vi.withUnit("12,5", "mm"), "12,5\u00a0mm");
  assert.equal(vi.withUnit("80", "%"), "80%");
});

test("dates are those of Việt Nam and ages round down", () => {
  const evening = new Date("2026-11-20T17:05:00Z");
  assert.equal(vi.dateTime(evening), "00:05 21/11/2026");
  assert.equal(en.dateTime(evening), "21 Nov 2026, 00:05");
  const words = { now: "vừa xong", minutes: "{n} phút trước", hours: "{n} giờ trước", days: "{n} ngày trước" };
  const now = new Date("2026-11-20T12:00:00Z");
  for (const [then, said] of [
    ["2026-11-20T11:59:01Z", "vừa xong"],
    ["2026-11-20T11:01:00Z", "59 phút trước"],
    ["2026-11-20T11:00:00Z", "1 giờ trước"],
    ["2026-11-19T12:00:00Z", "1 ngày trước"],
    ["2026-10-01T12:00:00Z", "19:00 01/10/2026"],
  ]) {
    assert.equal(vi.age(new Date(then), now, words), said);
  }
});
