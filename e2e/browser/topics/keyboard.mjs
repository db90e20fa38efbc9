// Everything can be done from the keyboard.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openPage } from '../lib/browser.mjs';
import { until } from '../lib/until.mjs';

const LIMIT = 60_000;
const focused = (page) => page.evaluate(() => document.activeElement?.id);

export function keyboard(world) {
  describe('the keyboard', () => {
    it('finds an entity with / and without accents', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(world.home);
      const name = (await page.locator('#list tbody th a span').first().textContent()).trim();
      const plain = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase();
      await page.keyboard.press('/');
      assert.equal(await focused(page), 'find');
      assert.equal(await page.inputValue('#find'), '', 'the slash itself is not typed');
      await page.keyboard.type(plain);
      await page.waitForSelector('#found [role=option]');
      await page.keyboard.press('ArrowDown');
      assert.equal(await page.getAttribute('#find', 'aria-activedescendant'), 'found-0');
      await page.keyboard.press('Enter');
      await until('the entity is shown', LIMIT, async () => {
        const onPanel = await page.locator('#panel article').count();
        return onPanel > 0 || page.url().includes('/entity/');
      });
      await close();
    });

    it('begins with a link that skips to the content', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(`${world.own}/hue/list`);
      await page.keyboard.press('Tab');
      const first = await page.evaluate(() => document.activeElement.getAttribute('href'));
      assert.equal(first, '#main');
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.notEqual(outline, 'none', 'the focus can be seen');
      await close();
    });

    it('closes the panel with Escape', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(`${world.home}?view=list`);
      await page.locator('#list tbody tr a').first().click();
      await page.waitForSelector('#panel article');
      await page.keyboard.press('Escape');
      await until('the panel is closed', LIMIT, async () => !(await page.locator('#panel').isVisible()));
      await close();
    });
  });
}
