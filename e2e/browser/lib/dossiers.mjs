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

/** Answers the form of somebody who asks for two copies of their own birth certificate. */
export async function askForCopies(page) {
  const texts = {
    'requester.name': 'Phan Thị An',
    'requester.birthDate': '01/02/1990',
    'requester.personalId': '046190001234',
    'subject.name': 'Phan Thị An',
    'subject.birthDate': '01/02/1990',
    registeredAt: 'UBND xã Hoà Sơn',
    copies: '2',
  };
  for (const [name, text] of Object.entries(texts)) await page.fill(`[name="${name}"]`, text);
  for (const place of await page.locator('[name^="requester.address"]').all()) {
    const tag = await place.evaluate((one) => one.tagName);
    if (tag !== 'SELECT') await place.fill('12 Lê Lợi, phường Thuận Hoá, Huế');
  }
  await page.check('[name="relation"][value="self"]');
  const event = page.locator('select[name="event"]');
  if (await event.count()) await event.selectOption('birth');
  else await page.check('[name="event"][value="birth"]');
  await page.locator('[name="exempt"]').last().check();
  await page.check('[name="pledge"]');
}

/** Names and values of answers, as the fields of the page are called. */
function flat(answers, before = '') {
  return Object.entries(answers).flatMap(([name, value]) => {
    const path = before ? `${before}.${name}` : name;
    if (Array.isArray(value) && value.some((one) => typeof one === 'object')) {
      return value.flatMap((row, at) => flat(row, `${path}[${at}]`));
    }
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? flat(value, path) : [[path, value]];
  });
}

/** Answers one field, if it is there to be seen. */
async function answer(page, name, value) {
  const all = page.locator(`[name="${name}"]`);
  if (!(await all.count()) || !(await all.first().isVisible())) return false;
  const kind = await all.first().evaluate((one) => (one.tagName === 'INPUT' ? one.type : one.tagName));
  if (kind === 'radio' || kind === 'checkbox') {
    const wanted = Array.isArray(value) ? value : [value === true ? 'yes' : value === false ? 'no' : value];
    for (const one of wanted) await page.check(`[name="${name}"][value="${one}"]`);
  } else if (kind === 'SELECT') {
    await all.first().selectOption(value);
  } else {
    const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
    await all.first().fill(day ? `${day[3]}/${day[2]}/${day[1]}` : String(value));
  }
  return true;
}

/**
 * Answers a form. What is asked only after something else was answered is looked for again: with scripts it appears by itself,
 * without them by the button that shows the page anew.
 */
export async function fillIn(page, answers) {
  let left = flat(answers);
  for (let round = 0; round < 8 && left.length; round += 1) {
    const still = [];
    for (const [name, value] of left) if (!(await answer(page, name, value))) still.push([name, value]);
    const anew = page.locator('noscript button[value=refresh], .form-step button[value=refresh]').last();
    if (still.length && (await anew.isVisible().catch(() => false))) await anew.click();
    left = still;
  }
  assert.deepEqual(left, [], 'fields that are not there');
}
