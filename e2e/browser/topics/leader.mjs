// A leader's way from the first page to one dossier behind a number: the board, an indicator, its list, the dossier.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { act, askForCopies, fromQueue, send } from '../lib/dossiers.mjs';
import { startHouse } from '../lib/house.mjs';
import { makeUnit, newcomer, setUp, showFactor } from '../lib/people.mjs';

const KIND = 'civil-status-copy';
const WARD = 'UBND phường Thuận Hoá';

/** A dossier taken at the counter; its number. */
async function file(page, own, name) {
  await page.goto(`${own}/hue/counter/${KIND}`);
  await page.fill('#filing-name', name);
  await askForCopies(page);
  await send(page);
  return /H57\.20\.01-\d{6}-\d{4}/.exec(await page.textContent('.receipt'))[0];
}

/** Takes an action with a case of the queue. */
async function take(page, own, number, action) {
  await fromQueue(page, own, number);
  await act(page, action);
}

/** The number that a link tells, without the points of thousands. */
const told = async (link) => Number((await link.textContent()).replace(/[^0-9]/g, ''));

/** As many rows as the link has said. */
async function follow(page, link) {
  const number = await told(link);
  await link.click();
  await page.waitForLoadState('load');
  assert.equal(await page.locator('.papers-table tbody tr').count(), number, page.url());
  assert.match(await page.textContent('main'), new RegExp(`${number} hồ sơ được tính`));
  return number;
}

export function leader(world) {
  describe('leaders', () => {
    let house;
    before(async () => {
      house = await startHouse();
    });
    after(async () => {
      await house?.stop();
    });

    it('go from the first page to a dossier behind a number', async () => {
      const own = house.url;
      const chief = await openPage(world.browser, own, LOOKS[0], { javaScript: false });
      await setUp(chief.page, own, house.code);
      await chief.page.goto(`${own}/hue/admin/units`);
      await showFactor(chief.page);
      await makeUnit(chief.page, own, WARD, 'H57.20.01');
      const official = (name, email, role) => ({ name, email, kind: 'official', role, unit: WARD });
      const people = {
        clerk: official('Hồ Thị Một', 'mot@hue.gov.vn', 'one-stop-officer'),
        handler: official('Lê Văn Hai', 'hai@hue.gov.vn', 'officer'),
        leader: official('Ngô Thị Ba', 'ba@hue.gov.vn', 'unit-leader'),
        records: official('Đỗ Thị Bảy', 'bay@hue.gov.vn', 'clerk'),
      };
      const at = {};
      for (const [who, person] of Object.entries(people)) at[who] = await newcomer(world, own, chief.page, person, LOOKS[0]);
      const numbers = [];
      for (const name of ['Võ Văn Tư', 'Phan Thị Năm', 'Lý Văn Sáu']) numbers.push(await file(at.clerk.page, own, name));
      await take(at.handler.page, own, numbers[0], 'start');
      await take(at.handler.page, own, numbers[0], 'submit');
      await take(at.leader.page, own, numbers[0], 'approve');
      await take(at.records.page, own, numbers[0], 'issue-on-paper');
      await take(at.handler.page, own, numbers[1], 'start');

      const cookies = await at.leader.page.context().cookies();
      for (const look of LOOKS.filter((one) => one.lang === 'vi')) {
        const seen = await openPage(world.browser, own, look);
        await seen.page.context().addCookies(cookies);
        await walk(seen, own, numbers, look);
        await seen.close();
      }
      for (const one of [chief, ...Object.values(at)]) await one.close();
    });
  });
}

/** From the first page to one dossier. */
async function walk(seen, own, numbers, look) {
  const { page } = seen;
  const sound = async (name) => {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${page.url()} is ${overflow} px wider than the screen (${look.name})`);
    await assertAccessible(page, `${name} (${look.name})`);
    await seen.screenshot(`leader-${name}`);
  };
  await page.goto(`${own}/hue/list`);
  await page.locator('nav a[href$="/board"]').click();
  await page.waitForSelector('.figures');
  await sound('board');
  assert.equal(await follow(page, page.locator('.figures a[href*="of=on-time"]').first()), 1);
  await sound('list');
  assert.match(await page.locator('.papers-table tbody th').first().textContent(), new RegExp(numbers[0]));

  await page.locator('.back a').click();
  await page.locator('nav.desks a[href*="/board/now"]').click();
  await sound('now');
  assert.equal(await follow(page, page.locator('.counts a[href*="by=desk"]').first()), 2);

  await page.goBack();
  await page.locator('nav.desks a[href*="/board/indicators"]').click();
  await sound('indicators');
  assert.ok((await page.locator('.indicators li.missing').count()) > 5, 'what cannot be told is said');
  assert.equal(await follow(page, page.locator('.indicators a[href*="of=received"]:not([href*="received."])').first()), 3);
  await page.locator('.papers-table tbody th a').first().click();
  await page.waitForLoadState('load');
  assert.match(await page.textContent('main'), /H57\.20\.01-\d{6}-\d{4}/);
  await sound('dossier');

  const csv = await page.request.get(`${own}/hue/board/table?of=unit`);
  assert.equal(csv.status(), 200);
  const text = await csv.text();
  assert.ok(text.includes('Thuận Hoá') && text.split('\n').length >= 2, text);
}
