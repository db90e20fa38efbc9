// The explorer: what is in the graph as the API tells it, in every look; a query that is run in place and copied; a
// notification that failed is sent again, without scripts.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { until } from '../lib/until.mjs';

const LIMIT = 60_000;
const GAUGE = 'urn:ngsi-ld:RiverGauge:kim-long';
const SUBSCRIPTION = 'urn:ngsi-ld:Subscription:explorer';
const JSON_TYPE = { 'Content-Type': 'application/json', 'NGSILD-Tenant': 'hue' };

/** A receiver that refuses until it is told otherwise. */
async function startReceiver() {
  const taken = [];
  const receiver = { taken, refusing: true };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      if (!receiver.refusing) taken.push(JSON.parse(body));
      response.writeHead(receiver.refusing ? 503 : 204).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${server.address().port}/hook`;
  receiver.stop = () => new Promise((resolve) => server.close(resolve));
  return receiver;
}

async function tell(own, method, path, body) {
  const answer = await fetch(own + path, { method, headers: JSON_TYPE, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.text()}`);
}

export function explorer(world) {
  describe('the explorer', () => {
    let receiver;
    before(async () => {
      receiver = await startReceiver();
      const { own } = world;
      await tell(own, 'POST', '/ngsi-ld/v1/subscriptions', {
        id: SUBSCRIPTION,
        type: 'Subscription',
        subscriptionName: 'Báo mực nước cho cổng dữ liệu',
        entities: [{ type: 'ExplorerProbe' }],
        watchedAttributes: ['level'],
        // Nobody waits for an hour by accident: what arrives was sent again.
        notification: { endpoint: { uri: receiver.url, accept: 'application/json', cooldown: 3_600_000 } },
      });
      await tell(own, 'POST', '/ngsi-ld/v1/entities', {
        id: 'urn:ngsi-ld:ExplorerProbe:1',
        type: 'ExplorerProbe',
        level: { type: 'Property', value: 1.5, observedAt: '2026-11-20T07:05:00Z', unitCode: 'MTR' },
        gauge: { type: 'Relationship', object: GAUGE },
      });
      await tell(own, 'POST', '/ngsi-ld/v1/jsonldContexts', { '@context': { mucNuoc: 'https://hue.example/terms/waterLevel' } });
      await tell(own, 'POST', '/ngsi-ld/v1/csourceRegistrations', {
        id: 'urn:ngsi-ld:ContextSourceRegistration:explorer',
        type: 'ContextSourceRegistration',
        information: [{ entities: [{ type: 'ExplorerElsewhere' }], propertyNames: ['level', 'status'] }],
        endpoint: 'http://127.0.0.1:9/broker',
        mode: 'inclusive',
      });
      await until('the first attempt has failed', LIMIT, async () => {
        const standing = await (await fetch(`${own}/api/v1/hue/subscriptions/${SUBSCRIPTION}`)).json();
        return standing.next_try !== null;
      });
    });
    after(() => receiver?.stop());

    for (const look of LOOKS) {
      it(`is sound in the look ${look.name}`, async () => {
        const paths = {
          start: '',
          types: '/types',
          type: '/types/RiverGauge',
          attributes: '/attributes',
          attribute: '/attributes/waterLevel',
          entities: '/entities?type=RiverGauge',
          'entities-none': '/entities',
          entity: `/entities/${encodeURIComponent(GAUGE)}?attr=waterLevel`,
          query: '/query?type=RiverGauge',
          answer: '/query?run=1&type=RiverGauge&q=waterLevel%3E0&as=keyValues&count=1&limit=3',
          refused: '/query?run=1&q=nonsense%3E%3E',
          subscriptions: '/subscriptions',
          subscription: `/subscriptions/${SUBSCRIPTION}`,
          registrations: '/registrations',
          contexts: '/contexts',
        };
        for (const [name, path] of Object.entries(paths)) {
          const { page, screenshot, close } = await openPage(world.browser, world.own, look);
          const response = await page.goto(`${world.own}/hue/explore${path}`, { waitUntil: 'load' });
          assert.equal(response.status(), 200, path);
          assert.equal(await page.getAttribute('html', 'lang'), look.lang, `${path}: language`);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(overflow <= 0, `${path} is ${overflow} px wider than the screen`);
          await assertAccessible(page, `${path} (${look.name})`);
          await screenshot(`explore-${name}`);
          await close();
        }
      });
    }

    it('runs a query in place and copies it as a command', async () => {
      const { page, close } = await openPage(world.browser, world.own, LOOKS[0]);
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.goto(`${world.own}/hue/explore/query`);
      await page.evaluate(() => (globalThis.stays = true));
      await page.fill('#f-type', 'RiverGauge');
      await page.fill('#f-q', 'waterLevel>0');
      await page.locator('button[name=run]').click();
      await page.waitForSelector('#answer .state.ok');
      assert.match(await page.textContent('#answer pre'), /urn:ngsi-ld:RiverGauge:/);
      assert.ok(await page.evaluate(() => globalThis.stays), 'the page was not loaded anew');
      assert.match(page.url(), /type=RiverGauge/);
      await page.locator('.asked summary').click();
      await page.locator('.asked button[data-copy]').click();
      const command = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(command, /^curl/);
      assert.match(command, /entities\?type=RiverGauge&q=waterLevel%3E0/);
      assert.match(command, /\$DINH_KEY/);
      await close();
    });

    it('leads from an entity to those that it names, without scripts', async () => {
      const { page, close } = await openPage(world.browser, world.own, LOOKS[0], { javaScript: false });
      await page.goto(`${world.own}/hue/explore/types`);
      await page.locator('a', { hasText: /^ExplorerProbe$/ }).first().click();
      await page.locator('main .actions a').first().click();
      await page.locator('tbody th a').first().click();
      await page.locator('.said a').click();
      assert.equal(decodeURIComponent(new URL(page.url()).pathname), `/hue/explore/entities/${GAUGE}`);
      await close();
    });

    it('has what failed sent again, without scripts', async () => {
      const { page, close } = await openPage(world.browser, world.own, LOOKS[0], { javaScript: false });
      await page.goto(`${world.own}/hue/explore/subscriptions?troubled=1`);
      await page.locator('tbody th a', { hasText: 'Báo mực nước' }).click();
      assert.match(await page.textContent('main'), /Đang lỗi/);
      receiver.refusing = false;
      await page.locator('button[value=send]').click();
      await page.waitForSelector('.notice.ok');
      await until('the notification has arrived', LIMIT, () => receiver.taken.length === 1);
      assert.equal(receiver.taken[0].data[0].level.value, 1.5);
      await page.goto(`${world.own}/hue/explore/subscriptions/${SUBSCRIPTION}`);
      await page.locator('button[value=again]').click();
      await page.waitForSelector('.notice.ok');
      await until('it has arrived once more', LIMIT, () => receiver.taken.length === 2);
      await close();
    });
  });
}
