// A leader's way from the first page to one dossier behind a number: the board, an indicator, its list, the dossier.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { code } from '../lib/codes.mjs';
import { startHouse } from '../lib/house.mjs';

const PASSWORD = 'bảy quả ổi treo lủng lẳng';
const REASON = 'Quyết định 12/QĐ-UBND';
const KIND = 'civil-status-copy';
const WARD = 'UBND phường Thuận Hoá';

/** The first administrator, who has opened the ward. */
async function setUp(world, house) {
  const own = house.url;
  const chief = await openPage(world.browser, own, LOOKS[0], { javaScript: false });
  const { page } = chief;
  await page.goto(`${own}/hue/set-up`);
  await page.fill('#code', house.code);
  await page.fill('#name', 'Trần Thị Bình');
  await page.fill('#email', 'binh@hue.gov.vn');
  await page.fill('#password', PASSWORD);
  await page.locator('form.slip button').click();
  await page.goto(`${own}/hue/admin/units`);
  await page.locator('button[value=code-offer]').click();
  await page.fill('#offer-code', code(await page.locator('dd code').first().textContent()));
  await page.locator('button[value=code-confirm]').click();
  await page.locator('.notice a').first().click();
  await page.locator('details.fold > summary').click();
  await page.fill('#name', WARD);
  await page.fill('#code', 'H57.20.01');
  await page.locator('form.slip button').click();
  return chief;
}

/** An official of the ward, signed in. */
async function employ(world, own, chief, [name, email, role], look) {
  await chief.goto(`${own}/hue/admin/people`);
  await chief.locator('details.fold > summary').first().click();
  const form = chief.locator('form.slip').first();
  await form.locator('#name').fill(name);
  await form.locator('#kind').selectOption('official');
  await form.locator('#email').fill(email);
  await form.locator('#new-role').selectOption(role);
  await form.locator('#reason').fill(REASON);
  await form.locator('button').click();
  const link = await chief.locator('#link').textContent();
  await chief.locator('main .actions a').click();
  await chief.locator('details:has(button[value=give-position]) > summary').click();
  const position = chief.locator('form:has(button[value=give-position])');
  await position.locator('#title').fill('Công chức');
  await position.locator('#position-unit').selectOption({ label: WARD });
  await position.locator('#position-reason').fill(REASON);
  await position.locator('button').click();
  const opened = await openPage(world.browser, own, look, { javaScript: false });
  await opened.page.goto(link);
  await opened.page.fill('#new', PASSWORD);
  await opened.page.locator('form.slip button').click();
  await opened.page.waitForSelector('.notice.ok');
  await opened.page.goto(`${own}/hue/sign-in`);
  await opened.page.fill('#name', email);
  await opened.page.fill('#password', PASSWORD);
  await opened.page.locator('form.slip button').click();
  return opened;
}

/** A dossier taken at the counter; its number. */
async function file(page, own, name) {
  await page.goto(`${own}/hue/file/${KIND}`);
  await page.fill('#filing-name', name);
  await page.selectOption('#filing-unit', { label: WARD });
  const texts = {
    'requester.name': name,
    'requester.birthDate': '01/02/1990',
    'requester.personalId': '046190001234',
    'subject.name': name,
    'subject.birthDate': '01/02/1990',
    registeredAt: 'UBND xã Hoà Sơn',
    copies: '2',
  };
  for (const [field, text] of Object.entries(texts)) await page.fill(`[name="${field}"]`, text);
  for (const place of await page.locator('[name^="requester.address"]').all()) {
    const tag = await place.evaluate((one) => one.tagName);
    if (tag !== 'SELECT') await place.fill('12 Lê Lợi, phường Thuận Hoá, Huế');
  }
  await page.check('[name="relation"][value="self"]');
  const event = page.locator('select[name="event"]');
  if (await event.count()) await event.selectOption('birth');
  else await page.check('[name="event"][value="birth"]');
  await page.locator('[name="exempt"]').last().check();
  await page.check('[name="pledge"]');
  await page.locator('main form.form button[value=check]').last().click();
  await page.waitForSelector('.receipt');
  return /H57\.20\.01-\d{6}-\d{4}/.exec(await page.textContent('.receipt'))[0];
}

/** Takes an action on the page of a case that is open. */
async function act(page, own, number, action) {
  await page.goto(`${own}/hue/work?number=${encodeURIComponent(number)}`);
  await page.locator('.papers-table tbody th a').first().click();
  const fold = page.locator(`details:has(button[value="${action}"]) > summary`);
  if (await fold.count()) await fold.click();
  await page.locator(`button[value="${action}"]`).click();
  await page.waitForSelector('.notice.ok');
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
      const chief = await setUp(world, house);
      const people = {
        clerk: ['Hồ Thị Một', 'mot@hue.gov.vn', 'one-stop-officer'],
        handler: ['Lê Văn Hai', 'hai@hue.gov.vn', 'officer'],
        leader: ['Ngô Thị Ba', 'ba@hue.gov.vn', 'unit-leader'],
      };
      const at = {};
      for (const [who, person] of Object.entries(people)) at[who] = await employ(world, own, chief.page, person, LOOKS[0]);
      const numbers = [];
      for (const name of ['Võ Văn Tư', 'Phan Thị Năm', 'Lý Văn Sáu']) numbers.push(await file(at.clerk.page, own, name));
      await act(at.handler.page, own, numbers[0], 'start');
      await act(at.handler.page, own, numbers[0], 'submit');
      await act(at.leader.page, own, numbers[0], 'approve');
      await act(at.handler.page, own, numbers[1], 'start');

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
