// Every page, wide and narrow, light and dark, in both languages: nothing grave for axe, no error in the console, no
// request to another host, nothing wider than the screen.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';

/** Paths of the pages; the last two need something that the demo knows. */
async function paths(own) {
  const found = await (await fetch(`${own}/ngsi-ld/v1/entities?type=RiverGauge&limit=1`, { headers: { 'NGSILD-Tenant': 'hue' } })).json();
  const feeds = await (await fetch(`${own}/api/v1/hue/feeds`)).json();
  const [feed] = feeds.items ?? feeds;
  const name = feed.id ?? `${feed.pack}/${feed.feed}`;
  return {
    map: '/hue/',
    list: '/hue/list',
    sources: '/hue/sources',
    around: '/hue/quanh-toi',
    'around-here': '/hue/quanh-toi?lon=107.58&lat=16.46',
    wall: '/hue/?wall=1',
    entity: `/hue/entity/${encodeURIComponent(found[0].id)}`,
    'sign-in': '/hue/sign-in',
    'set-up': '/hue/set-up',
    source: `/hue/sources/${name}`,
  };
}

export function everyPage(world) {
  describe('every page', () => {
    for (const look of LOOKS) {
      it(`is sound in the look ${look.name}`, async () => {
        for (const [name, path] of Object.entries(await paths(world.own))) {
          const { page, screenshot, close } = await openPage(world.browser, world.own, look);
          const response = await page.goto(world.own + path, { waitUntil: 'load' });
          assert.equal(response.status(), 200, path);
          if (name === 'map' || name === 'wall') await page.waitForSelector('#map canvas');
          assert.equal(await page.getAttribute('html', 'lang'), look.lang, `${path}: language`);
          assert.match(await page.title(), /\S/, path);
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
