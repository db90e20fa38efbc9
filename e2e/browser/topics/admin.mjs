// The administrator's first day: set up, make an official with a role, hand over the link; the official signs in; why
// explains; the auditor reads it all in the audit. Every page is sound in every look.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { code } from '../lib/codes.mjs';

const PASSWORD = 'bảy quả ổi treo lủng lẳng';
const REASON = 'Quyết định 12/QĐ-UBND';

/** Sets up one-time codes on the account page, which leads on to where one was going. */
async function showFactor(page) {
  await page.locator('button[value=code-offer]').click();
  await page.fill('#offer-code', code(await page.locator('dd code').first().textContent()));
  await page.locator('button[value=code-confirm]').click();
  await page.locator('.notice a').first().click();
}

async function signIn(page, own, email) {
  await page.goto(`${own}/hue/sign-in`);
  await page.fill('#name', email);
  await page.fill('#password', PASSWORD);
  await page.locator('form.slip button').click();
}

/** Makes an official with a role; answers the link to be handed over. */
async function makeOfficial(page, own, name, email, role) {
  await page.goto(`${own}/hue/admin/people`);
  await page.locator('details.fold > summary').first().click();
  const form = page.locator('form.slip');
  await form.locator('#name').fill(name);
  await form.locator('#email').fill(email);
  await form.locator('#new-role').selectOption(role);
  await form.locator('#reason').fill(REASON);
  await form.locator('button').click();
  return page.locator('#link').textContent();
}

/** Chooses a password with a link, as its holder does. */
async function choosePassword(page, link) {
  await page.goto(link);
  await page.fill('#new', PASSWORD);
  await page.locator('form.slip button').click();
  await page.waitForSelector('.notice.ok');
}

/** The pages, each in every look, with the cookies of somebody who may see them. */
async function soundInEveryLook(world, cookies, paths) {
  for (const look of LOOKS) {
    const { page, screenshot, close } = await openPage(world.browser, world.own, look);
    await page.context().addCookies(cookies);
    for (const [name, path] of Object.entries(paths)) {
      const response = await page.goto(world.own + path, { waitUntil: 'load' });
      assert.equal(response.status(), 200, path);
      assert.equal(await page.getAttribute('html', 'lang'), look.lang, `${path}: language`);
      await page.evaluate(() => document.querySelectorAll('details.fold').forEach((fold) => (fold.open = true)));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${path} is ${overflow} px wider than the screen (${look.name})`);
      await assertAccessible(page, `${path} (${look.name})`);
      await page.evaluate(() => document.querySelectorAll('details.fold').forEach((fold) => (fold.open = false)));
      await screenshot(`admin-${name}`);
    }
    await close();
  }
}

const session = async (page) => (await page.context().cookies()).filter(({ name }) => name.includes('dinh'));

export function admin(world) {
  describe('administration', () => {
    it('begins with the set-up code and ends in the audit', async () => {
      const { own } = world;
      const chief = await openPage(world.browser, own, LOOKS[0], { javaScript: false });
      const { page } = chief;
      await page.goto(`${own}/hue/set-up`);
      await page.fill('#code', world.demo.setUpCode());
      await page.fill('#name', 'Trần Thị Bình');
      await page.fill('#email', 'binh@hue.gov.vn');
      await page.fill('#password', PASSWORD);
      await page.locator('form.slip button').click();
      await page.goto(`${own}/hue/admin`);
      await showFactor(page);
      assert.equal(new URL(page.url()).pathname, '/hue/admin', 'led back to where one was going');

      await page.goto(`${own}/hue/admin/units`);
      await page.locator('details.fold > summary').click();
      await page.fill('#name', 'Sở Xây dựng');
      await page.locator('form.slip button').click();
      const unit = new URL(page.url()).pathname;

      const link = await makeOfficial(page, own, 'Đỗ Văn Đức', 'duc@hue.gov.vn', 'operator');
      await page.locator('main .actions a').click();
      const account = new URL(page.url()).pathname;
      const official = await openPage(world.browser, own, LOOKS[3], { javaScript: false });
      await choosePassword(official.page, link);
      await signIn(official.page, own, 'duc@hue.gov.vn');
      await official.page.goto(`${own}/hue/account`);
      assert.match(await official.page.textContent('h1'), /Đỗ Văn Đức/);
      assert.match(await official.page.textContent('main'), /Trực trung tâm điều hành/);

      await page.goto(`${own}/hue/admin/why?entity=urn:ngsi-ld:RiverGauge:kim-long&action=write&purpose=operations`);
      await page.fill('#account', 'do van duc');
      await page.locator('form.slip button').click();
      assert.match(await page.textContent('.verdict'), /Được phép/);
      assert.match(await page.textContent('main'), /operators-write/);
      const why = new URL(page.url()).pathname + new URL(page.url()).search;

      const forAuditor = await makeOfficial(page, own, 'Lê Kiểm', 'kiem@hue.gov.vn', 'auditor');
      const auditor = await openPage(world.browser, own, LOOKS[0], { javaScript: false });
      await choosePassword(auditor.page, forAuditor);
      await signIn(auditor.page, own, 'kiem@hue.gov.vn');
      await auditor.page.goto(`${own}/hue/admin/audit?action=role`);
      await showFactor(auditor.page);
      const told = await auditor.page.textContent('main');
      assert.match(told, /giao Trực trung tâm điều hành/);
      assert.match(told, /Trần Thị Bình/);
      assert.ok(told.includes(REASON));
      await auditor.page.locator('form[action$=examine] button').click();
      assert.match(await auditor.page.textContent('.notice.ok'), /Không có gì sai/);

      const paths = { start: '/hue/admin', people: '/hue/admin/people', person: account, units: '/hue/admin/units', unit, roles: '/hue/admin/roles', role: '/hue/admin/roles/officer', why, keys: '/hue/admin/keys' };
      await soundInEveryLook(world, await session(page), paths);
      await soundInEveryLook(world, await session(auditor.page), { audit: '/hue/admin/audit' });
      for (const one of [official, auditor, chief]) await one.close();
    });
  });
}
