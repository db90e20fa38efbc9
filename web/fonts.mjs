// Cuts the fonts to what Vietnamese and English pages use.
//
// The published files carry hinting instructions (needless on today's screens) and letters of other languages; without
// both, three weights weigh as much as one. Be Vietnam Pro has no tabular figures, so a small companion face with
// digits of equal width is made from it for tables and clocks.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import subset from "subset-font";

const require = createRequire(import.meta.url);
const folder = join(dirname(require.resolve("@fontsource/be-vietnam-pro/package.json")), "files");

const range = (from, to) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i));
// ASCII, the marks and letters of Latin-1 that either language writes, typographic punctuation.
const latin = range(0x20, 0x7e) + "\u00a0§©«°±²³µ·»×÷" + "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý" + "–—‘’“”•…€−↑↓";
const vietnamese = "ĂăĐđĨĩŨũƠơƯư₫\u0300\u0301\u0303\u0309\u0323" + range(0x1ea0, 0x1ef9);
const figures = "0123456789";

const source = (part, weight) => readFile(join(folder, `be-vietnam-pro-${part}-${weight}-normal.woff2`));
const options = { targetFormat: "woff2", noHinting: true, keepFeatures: ["ccmp", "kern", "locl", "mark", "mkmk"] };

export async function buildFonts(target) {
  await mkdir(target, { recursive: true });
  for (const weight of [400, 500, 600]) {
    const put = (part, font) => writeFile(join(target, `${part}-${weight}.woff2`), font);
    await put("latin", await subset(await source("latin", weight), latin, options));
    await put("vietnamese", await subset(await source("vietnamese", weight), vietnamese, options));
    await put("figures", await tabular(weight));
  }
}

// Digits alone, all equally wide, each in the middle of its room.
async function tabular(weight) {
  const plain = { ...options, targetFormat: "truetype", keepFeatures: [] };
  const font = await subset(await source("latin", weight), figures, plain);
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const table = (tag) => {
    for (let at = 12; at < 12 + 16 * view.getUint16(4); at += 16) {
      if (font.toString("latin1", at, at + 4) === tag) return view.getUint32(at + 8);
    }
    throw new Error(`the font has no table ${tag}`);
  };
  const metrics = table("hmtx");
  const count = view.getUint16(table("hhea") + 34);
  // Glyph 0 is the sign for missing letters; after it come the ten digits.
  if (count !== figures.length + 1) throw new Error(`expected ${figures.length + 1} glyphs, found ${count}`);
  const at = (glyph) => metrics + 4 * glyph;
  const glyphs = Array.from({ length: figures.length }, (_, i) => i + 1);
  // As wide as a zero: the wider four has room to spare on both sides.
  const room = view.getUint16(at(1));
  for (const glyph of glyphs) {
    const shift = Math.round((room - view.getUint16(at(glyph))) / 2);
    view.setUint16(at(glyph), room);
    view.setInt16(at(glyph) + 2, view.getInt16(at(glyph) + 2) + shift);
  }
  return subset(font, figures, { ...options, keepFeatures: [] });
}
