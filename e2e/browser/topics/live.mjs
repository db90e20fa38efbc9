// Values change while one watches, without a reload.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openPage } from '../lib/browser.mjs';
import { until } from '../lib/until.mjs';

const LIMIT = 60_000;
const HEADERS = { 'NGSILD-Tenant': 'hue', 'Content-Type': 'application/json' };

export function live(world) {
  describe('live values', () => {
    it('a changed value appears in the list without a reload', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(`${world.home}?view=list`);
      const config = JSON.parse(await page.getAttribute('#map', 'data-config'));
      const measured = new Map(config.layers.filter(({ value }) => value).map(({ id, value }) => [id, value.name]));
      const rows = await page.$$eval('#list tbody tr', (all) => all.map(({ dataset }) => [dataset.eid, dataset.layer]));
      const [eid, layer] = rows.find(([, layer]) => measured.has(layer)) ?? [];
      assert.ok(eid, 'an entity with a value is in the list');
      await page.evaluate(() => (globalThis.sameDocument = true));
      await page.waitForSelector('#connection:not(.off)');

      const attribute = measured.get(layer);
      const cell = page.locator(`#list tr[data-eid="${eid}"] td.value`);
      const before = await cell.textContent();
      const body = JSON.stringify({ [attribute]: { type: 'Property', value: 7, observedAt: new Date().toISOString() } });
      const at = `${world.own}/ngsi-ld/v1/entities/${encodeURIComponent(eid)}/attrs`;
      const response = await fetch(at, { method: 'POST', headers: HEADERS, body });
      assert.ok(response.ok, `${response.status} ${await response.text()}`);
      await until('the new value is shown', LIMIT, async () => {
        const text = await cell.textContent();
        return text !== before && text.includes('7');
      });
      assert.equal(await page.evaluate(() => globalThis.sameDocument), true, 'the page was loaded anew');
      await close();
    });

    it('what is replayed says so, and from when', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(`${world.own}/hue/list`);
      const badge = page.locator('.badge.replay').first();
      await badge.waitFor();
      assert.match((await badge.getAttribute('title')) ?? (await badge.textContent()), /\d{4}/);
      await close();
    });
  });
}
