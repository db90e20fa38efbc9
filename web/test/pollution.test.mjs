// Names that come from elsewhere never become names of plain objects (prototype pollution): scripts of ours use Map, Set,
// arrays and objects with the members that they name themselves.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const FORBIDDEN = [
  [/(?<=[\w)\]])(?<!\bdataset)\[(?!["'`\d\s\]]|\.\.\.)[^\]"'`]+\]\s*(?:[-+*/|&?]{0,2}=)(?!=|>)/, "a computed name is assigned to"],
  [/\bdataset\[(?!"\w+"\])[^\]]*\]\s*=(?!=)/, "a computed name is written to the page"],
  [/__proto__|\bsetPrototypeOf\b|\bprototype\b/, "a prototype is touched"],
  [/\bfor\s*\(\s*(?:const|let|var)\s+\w+\s+in\b/, "inherited names are walked"],
  [/\bObject\.assign\((?!\w+, \{)/, "members of unknown names are copied"],
  [/\bfromEntries\(/, "an object is made of names from elsewhere"],
  [/\beval\(|new Function\(/, "text becomes code"],
];

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (path.endsWith(".ts")) yield path;
  }
}

function faults(text) {
  const lines = text.split("\n").map((line) => line.replace(/\/\/.*$/, ""));
  return lines.flatMap((line, at) => FORBIDDEN.filter(([what]) => what.test(line)).map(([, why]) => `${at + 1}: ${why}: ${line.trim()}`));
}

test("no name from elsewhere becomes a name of an object", () => {
  const all = [...files("src")];
  assert.ok(all.length > 15, `${all.length} scripts`);
  for (const path of all) assert.deepEqual(faults(readFileSync(path, "utf8")), [], path);
});

test("what would be one is found", () => {
  for (const line of [
    "target[key] = value;",
    "state[event.name] ||= [];",
    "counts[layer.id] += 1;",
    "Object.assign(settings, JSON.parse(text));",
    "for (const key in given) use(key);",
    "Object.fromEntries(pairs)",
    "node.dataset[name] = value;",
    "merged.__proto__ = other;",
  ]) {
    assert.notDeepEqual(faults(line), [], line);
  }
  for (const line of ["const [a, b] = pair;", "const names: string[] = [];", 'row.dataset["index"] = "1";', "if (list[at] === other) go();"]) {
    assert.deepEqual(faults(line), [], line);
  }
});
