// What is typed into forms, read as crates/forms/src/read does. Null for what cannot be read.
import { lastDay } from "./evaluate.ts";

/** `1.234.567,5`: points and spaces group thousands, a comma comes before decimals. */
export function readNumber(text: string, digits: number): number | null {
  let plain = text.trim().replaceAll("\u2212", "-").replaceAll("\u00a0", " ").replace(/\s*(VND|đồng|đ|₫)$/, "");
  const minus = plain.startsWith("-");
  if (minus) plain = plain.slice(1);
  const [whole = "", fraction, more] = plain.split(",");
  if (more !== undefined || plain.length > 40) return null;
  if (fraction !== undefined && (digits === 0 || !/^[0-9]+$/.test(fraction))) return null;
  if ((fraction ?? "").replace(/0+$/, "").length > digits) return null;
  const grouped = /^[0-9]{1,3}(\.[0-9]{3})+$/.test(whole) || /^[0-9]{1,3}( [0-9]{3})+$/.test(whole);
  if (!grouped && !/^[0-9]+$/.test(whole)) return null;
  const value = Number(`${whole.replace(/[. ]/g, "")}.${fraction ?? "0"}`);
  return minus ? 0 - value : value;
}

/** `20/11/2026`, `20-11-2026`, `20.11.2026`, `20112026` or `2026-11-20`, as `2026-11-20`. */
export function readDay(text: string): string | null {
  const plain = text.trim();
  if (plain.length === 10 && lastDay(plain)) return plain;
  const together = /^(\d{2})(\d{2})(\d{4})$/.exec(plain);
  const apart = /^(\d{1,2})\s*([/.-])\s*(\d{1,2})\s*\2\s*(\d{4})$/.exec(plain);
  const parts = together ? [together[1], together[2], together[3]] : apart ? [apart[1], apart[3], apart[4]] : null;
  if (!parts) return null;
  const [day = "", month = "", year = ""] = parts;
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return lastDay(iso) ? iso : null;
}

/** A day, or `11/1950` as `1950-11`, or `1950`. */
export function readPartialDay(text: string): string | null {
  const plain = text.trim();
  if ([4, 7, 10].includes(plain.length) && lastDay(plain)) return plain;
  const month = /^(\d{1,2})\s*[/.-]\s*(\d{4})$/.exec(plain);
  if (!month) return readDay(plain);
  const iso = `${month[2]}-${(month[1] ?? "").padStart(2, "0")}`;
  return lastDay(iso) ? iso : null;
}

/** `14:05`, `14h05` or `14h`, as `14:05`. */
export function readTime(text: string): string | null {
  const parts = /^(\d{1,2})\s*(?::\s*(\d{1,2})|[hHg]\s*(\d{1,2})?)$/.exec(text.trim());
  if (!parts) return null;
  const [hours, minutes] = [Number(parts[1]), Number(parts[2] ?? parts[3] ?? 0)];
  if (hours > 23 || minutes > 59) return null;
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

/** A number with every digit that it has, as the server writes it: `1.234.567,5`. */
export function written(value: number): string {
  const [whole = "", fraction] = String(Math.abs(value)).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ".");
  return `${value < 0 ? "-" : ""}${grouped}${fraction === undefined ? "" : `,${fraction}`}`;
}
