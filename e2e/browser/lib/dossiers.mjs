// What people do with dossiers in a browser.

import assert from 'node:assert/strict';

/** Takes an action on the page of a case, with what it asks. */
export async function act(page, action, asked = {}) {
  const form = page.locator(`form:has(button[value="${action}"])`);
  const fold = page.locator(`details:has(button[value="${action}"]) > summary`);
  if (await fold.count()) await fold.click();
  for (const [name, value] of Object.entries(asked)) {
    const field = form.locator(`[name="ask.${name}"]`);
    const isChoice = (await field.evaluate((one) => one.tagName)) === 'SELECT';
    await (isChoice ? field.selectOption(value) : field.fill(value));
  }
  await form.locator(`button[value="${action}"]`).click();
  await page.waitForSelector('.notice.ok');
}

/** Opens a case of the queue by its number, or the first one. */
export async function fromQueue(page, own, number) {
  await page.goto(`${own}/hue/work${number ? `?number=${encodeURIComponent(number)}` : ''}`);
  await page.locator('.papers-table tbody th a').first().click();
}

/** Sends the form; what is wrong with it is told if it is not taken. */
export async function send(page) {
  await page.locator('main form.form button[value=check]').last().click();
  await page.waitForLoadState('load');
  const faults = await page.locator('.fault-list').allTextContents();
  assert.deepEqual(faults, []);
  await page.waitForSelector('.receipt', { timeout: 10_000 });
}
