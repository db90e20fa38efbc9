// A record that could not be read is corrected by a person on the source's page, without scripts.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { until } from '../lib/until.mjs';

const LIMIT = 60_000;
const FEED = 'hydromet/river-levels-push';
const GAUGE = 'urn:ngsi-ld:RiverGauge:kim-long';

export function deadLetters(world) {
  describe('a rejected record', () => {
    it('is corrected on the page of its source, and then is a water level', async () => {
      const time = new Date().toISOString();
      const bad = [{ station: 'kim-long', time, level: 'một mét tư' }];
      const pushed = await fetch(`${world.own}/api/v1/hue/feeds/${FEED}/records`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(bad),
      });
      assert.ok(pushed.ok, await pushed.text());

      const { page, close, screenshot } = await openPage(world.browser, world.own, LOOKS[0], { javaScript: false });
      await page.goto(`${world.own}/hue/sources/${FEED}`);
      const letter = page.locator('article.letter').first();
      const field = letter.locator('textarea');
      assert.match(await field.inputValue(), /một mét tư/);
      assert.match(await letter.locator('h3').textContent(), /level/);
      await screenshot('dead-letter');
      await field.fill(JSON.stringify({ station: 'kim-long', time, level: 1.4 }));
      await letter.locator('button[value=replay]').click();
      await page.waitForSelector('[role=status]');
      assert.equal(await page.locator('article.letter').count(), 0, 'the letter is gone');
      await close();

      await until('the corrected level is in the graph', LIMIT, async () => {
        const headers = { 'NGSILD-Tenant': 'hue' };
        const entity = await (await fetch(`${world.own}/ngsi-ld/v1/entities/${GAUGE}`, { headers })).json();
        return entity.waterLevel?.value === 1.4;
      });
    });
  });
}
