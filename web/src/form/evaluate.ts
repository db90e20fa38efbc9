// Conditions and calculations of forms, as crates/forms/src/expr evaluates them; both run crates/forms/vectors.json.
// What happens here is comfort: the server works everything out again.
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Answers = { [name: string]: Json };

/** What an expression can look at. */
export interface Scope {
  answers: Answers;
  row: Answers | null;
  /** `2026-11-21` */
  today: string;
}

type Got = null | boolean | number | string;

/** Whether nothing was answered. */
export function isBlank(value: Json | undefined): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.every(isBlank);
  if (typeof value === "object") return Object.values(value).every(isBlank);
  return false;
}

export const holds = (expr: Json, scope: Scope): boolean => evaluate(expr, scope) === true;

/** What an expression gives; null for nothing. */
export function evaluate(expr: Json, scope: Scope): Got {
  if (expr === null || Array.isArray(expr)) return null;
  if (typeof expr === "number") return finite(expr);
  if (typeof expr !== "object") return expr;
  const [operator, of] = Object.entries(expr)[0] ?? ["", null];
  const list = Array.isArray(of) ? of : [];
  const at = (index: number): Got => evaluate(list[index] ?? null, scope);
  switch (operator) {
    case "field":
      return plain(find(of, scope));
    case "today":
      return scope.today;
    case "all":
      return list.every((one) => holds(one, scope));
    case "any":
      return list.some((one) => holds(one, scope));
    case "not":
      return !holds(of, scope);
    case "is":
      return same(at(0), at(1));
    case "in":
      return Array.isArray(list[1]) && list[1].some((one) => same(at(0), evaluate(one, scope)));
    case "has":
      return asList(find(list[0] ?? null, scope)).includes(list[1] ?? null);
    case "less":
    case "at_most":
    case "more":
    case "at_least":
      return stands(operator, at(0), at(1));
    case "answered":
      return !isBlank(find(of, scope));
    case "count":
      return asList(find(of, scope)).filter((one) => !isBlank(one)).length;
    case "if":
      return holds(list[0] ?? null, scope) ? at(1) : at(2);
    case "age":
      return age(lastDay(evaluate(of, scope)), scope.today);
    case "year":
      return year(lastDay(evaluate(of, scope)));
    default:
      return reckon(operator, of, list.map((_, index) => at(index)), scope);
  }
}

function reckon(operator: string, of: Json, values: Got[], scope: Scope): Got {
  const numbers = values.filter((value) => typeof value === "number");
  const whole = numbers.length === values.length;
  switch (operator) {
    case "sum":
      return finite((typeof of === "string" ? column(of, scope) : numbers).reduce((sum, one) => sum + one, 0));
    case "times":
      return whole ? finite(numbers.reduce((product, one) => product * one, 1)) : null;
    case "minus":
      return whole ? finite((numbers[0] ?? NaN) - (numbers[1] ?? NaN)) : null;
    case "least":
      return numbers.length > 0 ? Math.min(...numbers) : null;
    case "most":
      return numbers.length > 0 ? Math.max(...numbers) : null;
    default:
      return null;
  }
}

/** Adding zero makes the negative zero an ordinary one. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value + 0 : null);

function plain(value: Json | undefined): Got {
  if (typeof value === "string") return value === "" ? null : value;
  return typeof value === "number" || typeof value === "boolean" ? value : null;
}

const same = (one: Got, other: Got): boolean => one !== null && one === other;
const asList = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

function step(value: Json | undefined, name: string): Json | undefined {
  const isMap = value !== null && typeof value === "object" && !Array.isArray(value);
  return isMap && Object.hasOwn(value, name) ? value[name] : undefined;
}

function find(path: Json, { answers, row }: Scope): Json | undefined {
  if (typeof path !== "string") return undefined;
  const inRow = path.startsWith(".");
  const names = (inRow ? path.slice(1) : path).split(".");
  return names.reduce<Json | undefined>(step, inRow ? row : answers);
}

/** The numbers of a column: every list on the way is gone through. */
function column(path: string, { answers }: Scope): number[] {
  const names = path.split(".");
  let values: (Json | undefined)[] = [answers];
  for (const name of names) values = values.map((value) => step(value, name)).flatMap((value) => (Array.isArray(value) ? value : [value]));
  return values.filter((value) => typeof value === "number");
}

function stands(operator: string, one: Got, other: Got): boolean {
  const pair = typeof one === "number" && typeof other === "number" ? [one, other] : [lastDay(one), lastDay(other)];
  const [a, b] = pair;
  if (a === null || b === null || a === undefined || b === undefined) return false;
  if (operator === "less") return a < b;
  if (operator === "at_most") return a <= b;
  return operator === "more" ? a > b : a >= b;
}

/** The last day of `2026-11-20`, `2026-11` or `2026`, written in full; days written so stand in their order. */
export function lastDay(text: Got): string | null {
  const parts = typeof text === "string" ? /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text) : null;
  if (!parts) return null;
  const [, y = "", m = "12", d] = parts;
  const days = daysOf(Number(y), Number(m));
  if (days === 0 || (d !== undefined && (Number(d) < 1 || Number(d) > days))) return null;
  return `${y}-${m}-${d ?? String(days)}`;
}

function daysOf(y: number, m: number): number {
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1] ?? 0;
}

const year = (day: string | null): number | null => (day === null ? null : Number(day.slice(0, 4)));

function age(day: string | null, today: string): number | null {
  if (day === null) return null;
  const years = Number(today.slice(0, 4)) - Number(day.slice(0, 4));
  return today.slice(5) < day.slice(5) ? years - 1 : years;
}
