// The administrator's first day: set up, make an official with a role, hand over the link; the official signs in; why
// explains; the auditor reads it all in the audit. Every page is sound in every look.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { REASON, choosePassword, makeAccount, makeUnit, setUp, showFactor, signIn, soundInEveryLook } from '../lib/people.mjs';

export function admin(world) {
  describe('administration', () => {
    it('begins with the set-up code and ends in the audit', async () => {
      const { own } = world;
      const chief = await openPage(world.browser, own, LOOKS[0], { javaScript: false });
      const { page } = chief;
      await setUp(page, own, world.demo.setUpCode());
      await page.goto(`${own}/hue/admin`);
      await showFactor(page);
      assert.equal(new URL(page.url()).pathname, '/hue/admin', 'led back to where one was going');

      await makeUnit(page, own, 'Sở Xây dựng');
      const unit = new URL(page.url()).pathname;

      const link = await makeAccount(page, own, { name: 'Đỗ Văn Đức', email: 'duc@hue.gov.vn', role: 'operator' });
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

      const forAuditor = await makeAccount(page, own, { name: 'Lê Kiểm', email: 'kiem@hue.gov.vn', role: 'auditor' });
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
      await soundInEveryLook(world, own, page, paths, 'admin');
      await soundInEveryLook(world, own, auditor.page, { audit: '/hue/admin/audit' }, 'admin');
      for (const one of [official, auditor, chief]) await one.close();
    });
  });
}
