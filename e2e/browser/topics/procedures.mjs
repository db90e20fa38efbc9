// The list of procedures: found without accents and without scripts, narrowed, read in plain words.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { until } from '../lib/until.mjs';

const LIMIT = 180_000;
const BIRTH = '1.001193';

const codes = (page) => page.$$eval('.procedure-list li > a', (links) => links.map((link) => link.getAttribute('href').split('/').pop()));

export function procedures(world) {
  describe('the list of procedures', () => {
    it('is brought in by itself', async () => {
      await until('the list is there', LIMIT, async () => {
        const found = await (await fetch(`${world.own}/api/v1/hue/procedures`)).json();
        return found.total === 2642;
      });
    });

    it('finds what people look for first, without accents and without scripts', async () => {
      const { page, close } = await openPage(world.browser, world.own, LOOKS[2], { javaScript: false });
      await page.goto(`${world.own}/hue/procedures`);
      await page.fill('#q', 'dang ky khai sinh');
      await page.locator('.procedure-search button[type=submit]').click();
      assert.equal((await codes(page))[0], BIRTH);
      await page.locator('.procedure-list li > a').first().click();
      assert.match(await page.textContent('h1'), /đăng ký khai sinh/i);
      assert.match(await page.textContent('.first-facts'), /working day/);
      assert.equal(await page.getAttribute('h1', 'lang'), 'vi', 'what the list says is marked as Vietnamese');
      await close();
    });

    it('is narrowed by life event, who, and level, and widened again', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(`${world.own}/hue/procedures`);
      const count = async () => Number((await page.textContent('#found-title')).replace(/\D/g, ''));
      await page.locator('.life a', { hasText: 'Kết hôn' }).click();
      const marriage = await count();
      assert.ok(marriage > 0 && marriage < 50, `${marriage} procedures about marriage`);
      assert.equal((await codes(page))[0], '1.000894');
      await page.selectOption('#level', 'commune');
      await page.locator('.procedure-search button[type=submit]').click();
      assert.ok((await count()) <= marriage);
      assert.equal(await page.locator('.filters a').count(), 2);
      await page.locator('.filters a').first().click();
      assert.equal(await page.locator('.filters a').count(), 1);
      await close();
    });

    it('has pages that join up', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(`${world.own}/hue/procedures?field=${encodeURIComponent('Hộ tịch')}`);
      const seen = new Set(await codes(page));
      await page.locator('.pages a[rel=next]').click();
      await page.waitForSelector('.pages a[rel=prev]');
      for (const code of await codes(page)) assert.ok(!seen.has(code), `${code} is on both pages`);
      await close();
    });

    it('opens what is folded by keyboard', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(`${world.own}/hue/procedures/${BIRTH}`);
      await page.locator('#documents > summary').focus();
      await page.keyboard.press('Enter');
      assert.ok(await page.locator('#documents .documents li').first().isVisible());
      await close();
    });

    it('says so where nothing fits, and where there is no such procedure', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(`${world.own}/hue/procedures?q=xyzzy`);
      assert.match(await page.textContent('.found-procedures'), /Không có thủ tục nào phù hợp/);
      await close();
      for (const path of ['procedures/1.999999', 'procedures/nonsense']) {
        assert.equal((await fetch(`${world.own}/hue/${path}`)).status, 404, path);
      }
      const none = await fetch(`${world.own}/api/v1/hue/procedures/1.999999`);
      assert.equal(none.status, 404);
      assert.match((await none.json()).detail, /1\.999999/);
    });

    for (const look of LOOKS) {
      it(`is sound in the look ${look.name}`, async () => {
        for (const [name, path] of Object.entries({
          procedures: '/hue/procedures',
          'procedures-found': '/hue/procedures?q=khai+sinh&level=commune',
          procedure: `/hue/procedures/${BIRTH}`,
        })) {
          const { page, screenshot, close } = await openPage(world.browser, world.own, look);
          const response = await page.goto(world.own + path, { waitUntil: 'load' });
          assert.equal(response.status(), 200, path);
          if (name === 'procedure') {
            await page.$$eval('.folds > details', (folds) => folds.forEach((fold) => { fold.open = true; }));
          }
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(overflow <= 0, `${path} is ${overflow} px wider than the screen`);
          await assertAccessible(page, `${path} (${look.name})`);
          await screenshot(name);
          await close();
        }
      });
    }
  });
}
