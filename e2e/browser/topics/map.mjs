// The map: it is drawn, from our own tiles only, and its state is in the address.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { until } from '../lib/until.mjs';

const LIMIT = 60_000;

export function map(world) {
  describe('the map', () => {
    it('draws the land and the layers from tiles of this server', async () => {
      const { page, close, screenshot } = await openPage(world.browser, world.own);
      const tiles = { basemap: 0, layer: 0 };
      page.on('response', (response) => {
        if (!response.ok()) return;
        if (response.url().includes('/basemap/')) tiles.basemap += 1;
        if (response.url().includes('/tiles/hue/')) tiles.layer += 1;
      });
      await page.goto(world.home);
      await page.waitForSelector('#map canvas');
      await until('tiles of the land and of the layers arrive', LIMIT, () => tiles.basemap > 0 && tiles.layer > 0);
      // An empty canvas compresses to almost nothing.
      await until('something is drawn', LIMIT, async () => (await page.locator('#map').screenshot()).length > 15_000);
      await screenshot('map-drawn');
      await close();
    });

    it('opens with the whole province in view, and its address names no place until somebody moves it', async () => {
      for (const look of [LOOKS[0], LOOKS[2]]) {
        const { page, close } = await openPage(world.browser, world.own, look);
        const listed = page.waitForRequest((request) => request.url().includes('bbox='));
        await page.goto(world.home);
        const config = JSON.parse(await page.getAttribute('#map', 'data-config'));
        const seen = new URL((await listed).url()).searchParams.get('bbox').split(',').map(Number);
        const [west, south, east, north] = config.bounds;
        const isIn = seen[0] <= west && seen[1] <= south && seen[2] >= east && seen[3] >= north;
        assert.ok(isIn, `${config.bounds} in ${seen} (${look.name})`);
        assert.ok(seen[2] - seen[0] < 1.5 * (east - west) || seen[3] - seen[1] < 1.5 * (north - south), `${seen} is close`);
        assert.equal(new URL(page.url()).searchParams.get('lon'), null);
        await page.click('.maplibregl-ctrl-zoom-in');
        await until('the address follows the map', LIMIT, () => new URL(page.url()).searchParams.get('lon'));
        await page.click('.home-control');
        await until('the address is that of the province', LIMIT, () => !new URL(page.url()).searchParams.get('lon'));
        await close();
      }
    });

    it('keeps its place in the address, and an address opens at its place', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(`${world.home}?z=12&lat=16.46&lon=107.58`);
      await page.waitForSelector('#map canvas');
      await page.locator('#map').press('ArrowRight');
      const address = await until('the address follows the map', LIMIT, () => {
        const { searchParams } = new URL(page.url());
        return Number(searchParams.get('lon')) > 107.5801 ? searchParams : null;
      });
      assert.equal(Math.round(Number(address.get('z'))), 12);
      await close();
    });

    it('opens, where a symbol is clicked, what the list calls by that name', async () => {
      const { page, close } = await openPage(world.browser, world.own);
      await page.goto(`${world.own}/hue/list?layers=river-level`);
      const row = page.locator('#list tbody tr').first();
      const eid = await row.getAttribute('data-eid');
      const layer = await row.getAttribute('data-layer');
      const headers = { 'NGSILD-Tenant': 'hue' };
      const entity = await (await fetch(`${world.own}/ngsi-ld/v1/entities/${encodeURIComponent(eid)}`, { headers })).json();
      const [lon, lat] = entity.location.value.coordinates;
      await page.goto(`${world.home}?view=map&chosen=1&layer=${layer}&z=16&lat=${lat}&lon=${lon}`);
      await page.waitForSelector('#map canvas');
      const { x, y, width, height } = await page.locator('#map canvas').boundingBox();
      await until('the panel shows an entity at this place', LIMIT, async () => {
        await page.mouse.click(x + width / 2, y + height / 2);
        return (await page.locator('#panel article').count()) > 0;
      });
      const shown = await page.locator('#panel article').getAttribute('data-eid');
      const listed = await page.$$eval('#list tbody tr', (rows) => rows.map((r) => r.dataset.eid));
      assert.ok(listed.includes(shown), `${shown} is not in the list of the same frame`);
      await close();
    });

    it('shows what it can without scripts: the layers and the list', async () => {
      const { page, close } = await openPage(world.browser, world.own, LOOKS[0], { javaScript: false });
      await page.goto(world.home);
      assert.ok((await page.locator('#layer-form input[type=checkbox]').count()) > 0);
      assert.ok((await page.locator('#list tbody tr').count()) > 0);
      await close();
    });

    it('names Hoàng Sa and Trường Sa', async () => {
      const response = await fetch(`${world.own}/basemap/4/13/7`);
      assert.ok(response.ok);
      const text = Buffer.from(await response.arrayBuffer()).toString('utf8');
      const neighbours = await Promise.all(
        ['5/26/14', '5/26/15', '5/25/14', '6/52/29', '6/52/30'].map(async (tile) =>
          Buffer.from(await (await fetch(`${world.own}/basemap/${tile}`)).arrayBuffer()).toString('utf8'),
        ),
      );
      const all = [text, ...neighbours].join('');
      assert.match(all, /Hoàng Sa/);
      assert.match(all, /Trường Sa/);
    });
  });
}
