// What axe finds on a page.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const LIMIT_MS = 60_000;

/** What a page answers, or a failure in time: a page without scripts never would. */
function inTime(answer, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`axe did not answer on ${what}; are scripts on?`)), LIMIT_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Fails on every serious or critical finding, naming the rule and the places. */
export async function assertAccessible(page, what) {
  await inTime(page.evaluate(source), what);
  const { violations } = await inTime(page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), TAGS), what);
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id} (${help}): ${nodes.slice(0, 3).map((n) => `${n.target} ${n.html.slice(0, 120)}`).join(' | ')}`);
  assert.deepEqual(grave, [], `axe on ${what}`);
}
