// Numbers, times and ages as the server writes them (crates/web/src/look).

export type Lang = "vi" | "en";

export const lang: Lang = document.documentElement.lang === "en" ? "en" : "vi";
const locale = lang === "vi" ? "vi-VN" : "en-GB";
const ZONE = "Asia/Ho_Chi_Minh";

const numbers = new Map<number, Intl.NumberFormat>();

export function number(value: number, digits: number | null | undefined): string {
  if (!Number.isFinite(value)) return "–";
  const key = digits ?? -1;
  let format = numbers.get(key);
  if (!format) {
    const grouping = lang === "vi" ? "vi-VN" : "en-US";
    format = new Intl.NumberFormat(grouping, {
      minimumFractionDigits: digits ?? 0,
      maximumFractionDigits: digits ?? 3,
      useGrouping: true,
    });
    numbers.set(key, format);
  }
  return format.format(value).replace(/^-(?=[0.,]*$)/, "").replace("-", "−");
}

export function withUnit(text: string, unit: string | null | undefined): string {
  if (!unit) return text;
  return unit === "%" || unit === "°" ? text + unit : `${text}\u00a0${unit}`;
}

const clock = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const seconds = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, timeStyle: "medium", hourCycle: "h23" });
const days = new Intl.DateTimeFormat(locale, {
  timeZone: ZONE,
  day: lang === "vi" ? "2-digit" : "numeric",
  month: lang === "vi" ? "2-digit" : "short",
  year: "numeric",
});

export const time = (at: Date): string => clock.format(at);
export const timeWithSeconds = (at: Date): string => seconds.format(at);
export const dateTime = (at: Date): string =>
  lang === "vi" ? `${clock.format(at)} ${days.format(at)}` : `${days.format(at)}, ${clock.format(at)}`;

/** The words of ages, with `{n}` for the number. */
export interface AgeWords {
  now: string;
  minutes: string;
  hours: string;
  days: string;
}

export function age(then: Date, now: Date, words: AgeWords): string {
  const minutes = Math.floor((now.getTime() - then.getTime()) / 60_000);
  const say = (text: string, n: number) => text.replace("{n}", String(n));
  if (minutes < -5 || minutes > 30 * 24 * 60) return dateTime(then);
  if (minutes < 1) return words.now;
  if (minutes < 60) return say(words.minutes, minutes);
  if (minutes < 24 * 60) return say(words.hours, Math.floor(minutes / 60));
  return say(words.days, Math.floor(minutes / (24 * 60)));
}
