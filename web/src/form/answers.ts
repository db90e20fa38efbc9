// The answers that stand in a page, as JSON by names of fields, and the fields that are asked.
import { evaluate, holds, isBlank, type Answers, type Json } from "./evaluate.ts";
import { readDay, readNumber, readPartialDay, readTime } from "./read.ts";

/** A condition or calculation of the form, in the order in which the server works them out. */
export interface Logic {
  /** Names from the form inwards, without rows. */
  path: string;
  visible: Json | null;
  required: Json | null;
  computed: Json | null;
}

/** A value of its own, never an inherited one. */
const own = (map: Answers, key: string): Json | undefined => (Object.hasOwn(map, key) ? map[key] : undefined);

/** Makes a value of its own of it, whatever it is called. */
function set(map: Answers, key: string, value: Json): Json {
  Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
  return value;
}

/** Puts a value under a posted name like `members[0].name`. */
export function put(answers: Answers, name: string, value: Json): void {
  const steps = name.split(".").map((part) => /^(\w+)(?:\[(\d+)\])?$/.exec(part));
  let map = answers;
  steps.forEach((step, index) => {
    if (!step) return;
    const [, key = "", row] = step;
    const isLast = index === steps.length - 1;
    if (row !== undefined) {
      const rows = (own(map, key) ?? set(map, key, [])) as Answers[];
      while (rows.length <= Number(row)) rows.push({});
      map = rows[Number(row)] ?? {};
    } else if (isLast) {
      set(map, key, value);
    } else {
      map = (own(map, key) ?? set(map, key, {})) as Answers;
    }
  });
}

/** What one field holds, read as its kind says. */
function read(kind: string, inputs: (HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]): Json {
  const chosen = inputs.filter((input) => !(input instanceof HTMLInputElement && /radio|checkbox/.test(input.type)) || (input as HTMLInputElement).checked);
  if (kind === "choices" || kind === "files") {
    const names = chosen.flatMap((input) => (input instanceof HTMLInputElement && input.files ? [...input.files].map((file) => file.name) : [input.value]));
    return names.filter(Boolean);
  }
  const text = chosen[0]?.value.trim() ?? "";
  if (text === "") return null;
  switch (kind) {
    case "number":
      return readNumber(text, 6);
    case "integer":
    case "money":
      return readNumber(text, 0);
    case "date":
      return readDay(text);
    case "partial-date":
      return readPartialDay(text);
    case "time":
      return readTime(text);
    case "yes-no":
    case "consent":
      return text === "yes";
    default:
      return text.replace(/\s+/g, " ");
  }
}

/** Everything that is answered within `form`. */
export function gather(form: HTMLElement): Answers {
  const answers: Answers = {};
  for (const field of form.querySelectorAll<HTMLElement>("[data-field]")) {
    const { field: name = "", kind = "" } = field.dataset;
    if (kind === "computed" || field instanceof HTMLFieldSetElement && /table|group|person|address|parcel/.test(kind)) continue;
    const inputs = field.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>("input[name], select[name], textarea[name]");
    put(answers, name, read(kind, [...inputs]));
  }
  return answers;
}

/** What the rules say of one field of the page. */
export interface Verdict {
  visible: boolean;
  required: boolean | null;
  /** Only for what is computed; null where nothing comes of it. */
  value: Json | undefined;
}

const rowsOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** Works out every rule: hidden answers drop out, computed ones are put in. By posted name. */
export function settle(answers: Answers, logic: Logic[], today: string): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const rule of logic) {
    const [first = "", ...rest] = rule.path.split(".");
    const rows = rest.length > 0 && Array.isArray(answers[first]) ? rowsOf(answers[first]).map((_, index) => index) : [null];
    for (const index of rows) {
      const start = index === null ? first : `${first}[${index}]`;
      const row = index === null ? null : (rowsOf(answers[first])[index] as Answers);
      const scope = { answers, row, today };
      const name = [start, ...rest].join(".");
      const visible = rule.visible === null || holds(rule.visible, scope);
      if (!visible) put(answers, name, null);
      let value: Json | undefined;
      if (rule.computed !== null) {
        value = visible && !(row && isBlank(row)) ? evaluate(rule.computed, scope) : null;
        put(answers, name, value);
      }
      verdicts.set(name, { visible, required: rule.required === null ? null : holds(rule.required, scope), value });
    }
  }
  return verdicts;
}
