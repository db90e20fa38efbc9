// Forms of procedures: filled in by keyboard, without scripts, and with them; sound in every look.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';

const PATH = '/hue/forms/one-stop';

/** Forgets the refusals that a test is about. */
const expecting = (opened, status) => {
  const rest = opened.troubles.filter((trouble) => !trouble.includes(`${status}`));
  opened.troubles.length = 0;
  opened.troubles.push(...rest);
};

async function fits(page, what) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${what} is ${overflow} px wider than the screen`);
}

/** How many forms ship. */
const SHIPPED = readdirSync(new URL('../../../packs/one-stop/forms/', import.meta.url)).length;

export function forms(world) {
  describe('the forms of procedures', () => {
    it('are sound in every look, empty and with faults', async () => {
      for (const look of LOOKS) {
        const opened = await openPage(world.browser, world.own, look);
        const { page, screenshot } = opened;
        await page.goto(`${world.own}/hue/forms`);
        assert.equal(await page.locator('main .papers li').count(), SHIPPED);
        await assertAccessible(page, `forms (${look.name})`);
        await screenshot('forms');
        for (const form of ['birth-registration', 'house-construction-permit', 'disaster-support']) {
          await page.goto(`${world.own}${PATH}/${form}`);
          assert.equal(await page.getAttribute('html', 'lang'), look.lang);
          await fits(page, `${form} (${look.name})`);
          await assertAccessible(page, `${form} (${look.name})`);
          await page.locator('button[value=check]').click();
          await page.waitForSelector('[data-faults]');
          await fits(page, `${form} with faults (${look.name})`);
          await assertAccessible(page, `${form} with faults (${look.name})`);
          await screenshot(`form-${form}`);
        }
        expecting(opened, 422);
        await opened.close();
      }
    });

    it('lead from what is wrong to where it is mended, and ask only what is to be asked', async () => {
      const opened = await openPage(world.browser, world.own);
      const { page } = opened;
      await page.goto(`${world.own}${PATH}/disaster-support`);
      assert.equal(await page.locator('[data-field=eventOther]').isVisible(), false);
      await page.selectOption('[name=event]', 'other');
      assert.equal(await page.locator('[data-field=eventOther]').isVisible(), true);
      await page.fill('[name=day]', '31/02/2026');
      await page.locator('button[value=check]').click();
      await page.waitForSelector('[data-faults]');
      assert.equal(await page.evaluate(() => document.activeElement?.matches('[data-faults]')), true, 'the faults have the focus');
      const link = page.locator('[data-faults] a', { hasText: '20/11/2026' });
      await link.focus();
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'day');
      assert.equal(await page.inputValue('[name=day]'), '31/02/2026', 'what was typed is still there');
      const described = await page.getAttribute('[name=day]', 'aria-describedby');
      for (const id of described.split(' ')) assert.equal(await page.locator(`#${id}`).count(), 1, id);
      expecting(opened, 422);
      await opened.close();
    });

    it('add rows, reckon and know the communes without loading the page anew', async () => {
      const opened = await openPage(world.browser, world.own);
      const { page } = opened;
      await page.goto(`${world.own}${PATH}/disaster-support`);
      await page.evaluate(() => (globalThis.stayed = true));
      await page.locator('button[value="add:damages"]').click();
      await page.waitForSelector('[name="damages[0].count"]');
      await page.fill('[name="damages[0].count"]', '0,5');
      await page.fill('[name="damages[0].price"]', '120.000.000');
      assert.equal(await page.textContent('#f-total'), '60.000.000\u00a0đ');
      assert.equal(await page.locator('[data-field=pictures] [data-optional]').isVisible(), false, 'pictures are needed now');
      await page.locator('button[value="add:damages"]').click();
      await page.waitForSelector('[name="damages[1].count"]');
      await page.locator('button[value="remove:damages[0]"]').click();
      await page.waitForSelector('[name="damages[1].count"]', { state: 'detached' });
      assert.equal(await page.inputValue('[name="damages[0].count"]'), '');
      await page.selectOption('[name="head.address.province"]', { label: 'Thành phố Huế' });
      await page.waitForFunction(() => document.querySelectorAll('[name="head.address.commune"] option').length > 30);
      assert.equal(await page.evaluate(() => globalThis.stayed), true);
      for (const [name, value] of Object.entries({
        'head.name': 'Lê Thị An', 'head.birthDate': '1950', day: '20/11/2026', 'damages[0].count': '2', 'damages[0].price': '1.500.000',
      })) await page.fill(`[name="${name}"]`, value);
      for (const [name, value] of [['event', 'flood'], ['damages[0].what', 'rice'], ['damages[0].measure', 'ha']]) {
        await page.selectOption(`[name="${name}"]`, value);
      }
      await page.selectOption('[name="head.address.commune"]', { index: 3 });
      for (const [name, value] of [['people', 'no'], ['needs', 'food'], ['pledge', 'yes']]) await page.check(`[name="${name}"][value=${value}]`);
      await page.locator('button[value=check]').click();
      await page.waitForSelector('.form-done');
      assert.ok((await page.textContent('.form-done')).includes('3.000.000\u00a0đ'));
      await assertAccessible(page, 'the answers');
      await opened.close();
    });

    it('are filled in and read over without scripts', async () => {
      const opened = await openPage(world.browser, world.own, LOOKS[3], { javaScript: false });
      const { page, screenshot } = opened;
      await page.goto(`${world.own}${PATH}/birth-registration`);
      await page.selectOption('[name="requester.address.province"]', { label: 'Thành phố Huế' });
      await page.check('[name=motherKnown][value=yes]');
      await page.check('[name=fatherKnown][value=no]');
      await page.check('[name=birthProof][value=electronic]');
      await page.locator('button[formaction="#step-parents"]').click();
      assert.equal(await page.locator('[name="mother.name"]').isVisible(), true);
      assert.equal(await page.locator('[name="father.name"]').isVisible(), false);
      await page.selectOption('[name="mother.address.province"]', { label: 'Thành phố Huế' });
      await page.locator('button[formaction="#step-parents"]').click();
      for (const [name, value] of Object.entries({
        'requester.name': 'Lê Thị An', 'requester.birthDate': '1/5/1995', 'requester.personalId': '046 195 001 234',
        'child.name': 'Lê Bảo Nam', 'child.birthDate': '2/11/2026', 'child.ethnicity': 'Kinh', 'child.nationality': 'Việt Nam',
        birthPlace: 'Bệnh viện Trung ương Huế', 'mother.name': 'Lê Thị An', 'mother.birthDate': '1995',
        'mother.ethnicity': 'Kinh', 'mother.nationality': 'Việt Nam',
      })) await page.fill(`[name="${name}"]`, value);
      await page.selectOption('[name="requester.address.commune"]', { index: 3 });
      await page.selectOption('[name="mother.address.commune"]', { index: 3 });
      for (const [name, value] of [['relation', 'mother'], ['child.sex', 'male'], ['copies', 'no'], ['pledge', 'yes']]) {
        await page.check(`[name="${name}"][value=${value}]`);
      }
      await page.locator('button[value=check]').click();
      await page.waitForSelector('.form-done');
      const done = await page.textContent('.form-done');
      for (const part of ['Lê Bảo Nam', '02/11/2026', 'Thành phố Huế', '1995']) assert.ok(done.includes(part), part);
      assert.ok(!done.includes('Cha của trẻ'), 'what is not asked is not shown');
      await screenshot('form-done');
      await opened.close();
    });

    it('are walked through by the keyboard alone', async () => {
      const opened = await openPage(world.browser, world.own);
      const { page } = opened;
      await page.goto(`${world.own}${PATH}/disaster-support`);
      await page.focus('[name="head.name"]');
      const met = [];
      for (let press = 0; press < 60; press += 1) {
        met.push(await page.evaluate(() => document.activeElement?.getAttribute('name') ?? ''));
        await page.keyboard.press('Tab');
      }
      for (const name of ['head.birthDate', 'head.address.province', 'event', 'day', 'people', 'needs', 'pledge']) assert.ok(met.includes(name), `${name} is not met`);
      await page.focus('[name=people]');
      await page.keyboard.press('Space');
      await page.waitForSelector('[name="persons[0].person.name"]:visible');
      await page.focus('button[value="add:damages"]');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'damages[0].what');
      await opened.close();
    });
  });
}
