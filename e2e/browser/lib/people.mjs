// People of a house in a browser: the first administrator, accounts that are made for others, signing in, second factors;
// and looking at pages in every look as one of them.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { LOOKS, openPage } from './browser.mjs';
import { code } from './codes.mjs';

export const PASSWORD = 'bảy quả ổi treo lủng lẳng';
export const REASON = 'Quyết định 12/QĐ-UBND';

/** Sets the house up, with the code that it has printed, for its first administrator. */
export async function setUp(page, own, setUpCode) {
  await page.goto(`${own}/hue/set-up`);
  await page.fill('#code', setUpCode);
  await page.fill('#name', 'Trần Thị Bình');
  await page.fill('#email', 'binh@hue.gov.vn');
  await page.fill('#password', PASSWORD);
  await page.locator('form.slip button').click();
}

/** Sets up one-time codes on the account page on which one is, and goes on to where one was going, if anywhere. */
export async function showFactor(page) {
  await page.locator('button[value=code-offer]').click();
  await page.fill('#offer-code', code(await page.locator('dd code').first().textContent()));
  await page.locator('button[value=code-confirm]').click();
  await page.waitForSelector('.notice.ok');
  const onwards = page.locator('.notice a');
  if (await onwards.count()) await onwards.first().click();
}

/** Makes an account at the administrator's desk, which shows the link to be handed over; answers the link. */
export async function makeAccount(desk, own, { name, email, kind, role, subject }) {
  await desk.goto(`${own}/hue/admin/people`);
  await desk.locator('details.fold > summary').first().click();
  const form = desk.locator('form.slip').first();
  await form.locator('#name').fill(name);
  if (kind) await form.locator('#kind').selectOption(kind);
  await form.locator('#email').fill(email);
  if (role) await form.locator('#new-role').selectOption(role);
  if (subject) await form.locator('#subject').fill(subject);
  await form.locator('#reason').fill(REASON);
  await form.locator('button').click();
  return desk.locator('#link').textContent();
}

/** From the page with the link to the page of the account; confirms an address, gives a position where one is named. */
export async function settleAccount(desk, { subject, unit }) {
  await desk.locator('main .actions a').click();
  if (subject) {
    // The official at the counter has seen that the address is theirs.
    await desk.evaluate(() => document.querySelectorAll('details.fold').forEach((fold) => (fold.open = true)));
    await desk.locator('input[name=seen-email]').check();
    await desk.locator('#prove-reason').fill(REASON);
    await desk.locator('button[value=prove]').click();
    await desk.waitForSelector('.notice.ok');
  }
  if (unit) {
    const position = desk.locator('form:has(button[value=give-position])');
    await desk.locator('details:has(button[value=give-position]) > summary').click();
    await position.locator('#title').fill('Công chức');
    await position.locator('#position-unit').selectOption({ label: unit });
    await position.locator('#position-reason').fill(REASON);
    await position.locator('button').click();
  }
}

/** Chooses a password with a link, as its holder does. */
export async function choosePassword(page, link) {
  await page.goto(link);
  await page.fill('#new', PASSWORD);
  await page.locator('form.slip button').click();
  await page.waitForSelector('.notice.ok');
}

export async function signIn(page, own, email) {
  await page.goto(`${own}/hue/sign-in`);
  await page.fill('#name', email);
  await page.fill('#password', PASSWORD);
  await page.locator('form.slip button').click();
}

/** Somebody new: an account made by the administrator, whose holder has chosen a password and signed in. */
export async function newcomer(world, own, desk, person, look, { javaScript = false } = {}) {
  const link = await makeAccount(desk, own, person);
  await settleAccount(desk, person);
  const opened = await openPage(world.browser, own, look, { javaScript });
  await choosePassword(opened.page, link);
  await signIn(opened.page, own, person.email);
  return opened;
}

/** A unit with an electronic identifier, made by an administrator who has shown a second factor. */
export async function makeUnit(desk, own, name, identifier) {
  await desk.goto(`${own}/hue/admin/units`);
  await desk.locator('details.fold > summary').first().click();
  await desk.fill('#name', name);
  if (identifier) await desk.fill('#code', identifier);
  await desk.locator('form.slip button').click();
}

/** The pages, each in every look, with the cookies of somebody who may see them. */
export async function soundInEveryLook(world, own, of, paths, prefix) {
  const cookies = (await of.context().cookies()).filter(({ name }) => name.includes('dinh'));
  for (const look of LOOKS) {
    const { page, screenshot, close } = await openPage(world.browser, own, look);
    await page.context().addCookies(cookies);
    for (const [name, path] of Object.entries(paths)) {
      const response = await page.goto(own + path, { waitUntil: 'load' });
      assert.equal(response.status(), 200, path);
      assert.equal(await page.getAttribute('html', 'lang'), look.lang, `${path}: language`);
      await page.evaluate(() => document.querySelectorAll('details.fold').forEach((fold) => (fold.open = true)));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${path} is ${overflow} px wider than the screen (${look.name})`);
      await assertAccessible(page, `${path} (${look.name})`);
      await page.evaluate(() => document.querySelectorAll('details.fold').forEach((fold) => (fold.open = false)));
      await screenshot(`${prefix}-${name}`);
    }
    await close();
  }
}
