// “Quanh tôi” on a phone: without scripts, small.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOOKS, openPage } from '../lib/browser.mjs';

const PHONE = LOOKS.find(({ name }) => name === 'narrow-dark-vi');
const MOST_BYTES = 60_000;

export function around(world) {
  describe('around me', () => {
    it('asks for a place and answers, all without scripts', async () => {
      const { page, close, screenshot } = await openPage(world.browser, world.own, PHONE, { javaScript: false });
      await page.goto(`${world.own}/hue/quanh-toi`);
      await page.fill('#place', 'thuan hoa');
      await page.locator('form button[type=submit]').click();
      const choice = page.locator('ul.choices a').first();
      if ((await choice.count()) > 0) await choice.click();
      await page.waitForSelector('section.card');
      assert.ok((await page.locator('section.card').count()) >= 3, 'weather, water and more');
      assert.ok((await page.locator('.near-value').count()) > 0, 'there are values');
      await screenshot('around-answer');
      await close();
    });

    it('weighs less than 60 KB at the first load', async () => {
      const { page, close } = await openPage(world.browser, world.own, PHONE);
      const session = await page.context().newCDPSession(page);
      await session.send('Network.enable');
      let bytes = 0;
      session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
      await page.goto(`${world.own}/hue/quanh-toi?lon=107.58&lat=16.46`, { waitUntil: 'networkidle' });
      assert.ok(bytes > 1_000 && bytes < MOST_BYTES, `${bytes} bytes`);
      await close();
    });
  });
}
