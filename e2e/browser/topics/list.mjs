// The list is the equal of the map: the same layers, the same selection, the same panel.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openPage } from '../lib/browser.mjs';
import { until } from '../lib/until.mjs';

const LIMIT = 60_000;

const layersIn = (page) =>
  page.$$eval('#list tbody tr', (rows) => [...new Set(rows.map((row) => row.dataset.layer))]);
const checkedLayers = (page) =>
  page.$$eval('#layer-form input[name=layer]:checked', (boxes) => boxes.map((box) => box.value));

export function list(world) {
  describe('the list', () => {
    it('shows the layers that the map shows, and follows when one is switched off', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(`${world.home}?view=list`);
      const before = await checkedLayers(page);
      assert.ok(before.length > 1, 'several layers are on at the first visit');
      for (const layer of await layersIn(page)) assert.ok(before.includes(layer), `${layer} is not on`);
      const [off] = await layersIn(page);
      await page.locator(`#layer-form input[value="${off}"]`).uncheck();
      await until('its rows leave the list', LIMIT, async () => !(await layersIn(page)).includes(off));
      await close();
    });

    it('opens the same panel as the map, with history and source, and says so in the address', async () => {
      const { page, close, screenshot } = await openPage(world.browser, world.own);
      await page.goto(`${world.home}?view=list`);
      const row = page.locator('#list tbody tr').first();
      const eid = await row.getAttribute('data-eid');
      await row.locator('a').first().click();
      await page.waitForSelector(`#panel article[data-eid="${eid}"]`);
      await until('the selection is in the address', LIMIT, () => page.url().includes(encodeURIComponent(eid)) || page.url().includes(eid));
      assert.ok((await page.locator('#panel table.attributes tbody tr').count()) > 0);
      await screenshot('panel');
      await close();
    });

    it('is sorted by a column, both ways, and says how', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(`${world.own}/hue/list`);
      for (const direction of ['ascending', 'descending']) {
        await page.locator('#list thead th').first().locator('a').click();
        await page.waitForSelector('#list thead th[aria-sort]');
        const sorted = await page.locator('#list thead th').first().getAttribute('aria-sort');
        assert.ok(['ascending', 'descending'].includes(sorted), `${direction}: ${sorted}`);
      }
      const names = await page.$$eval('#list tbody th a span', (spans) => spans.map((span) => span.textContent));
      assert.ok(names.length > 1);
      await close();
    });

    it('has pages that join up to the count', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(`${world.own}/hue/list`);
      const seen = new Set();
      for (let turn = 0; turn < 3; turn += 1) {
        const ids = await page.$$eval('#list tbody tr', (rows) => rows.map(({ dataset }) => `${dataset.eid} in ${dataset.layer}`));
        for (const id of ids) {
          assert.ok(!seen.has(id), `${id} is on two pages`);
          seen.add(id);
        }
        const next = page.locator('nav.pages a[rel=next]');
        if ((await next.count()) === 0) break;
        await next.click();
        await page.waitForLoadState();
      }
      assert.ok(seen.size > 0);
      await close();
    });
  });
}
