// A dossier from the first page to the last: filed at home, received at the one-stop desk, handled, decided, handed over,
// followed with the code of the receipt and counted on the board; a second one at the counter, without scripts.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { code } from '../lib/codes.mjs';
import { startHouse } from '../lib/house.mjs';

const PASSWORD = 'bảy quả ổi treo lủng lẳng';
const REASON = 'Quyết định 12/QĐ-UBND';
const KIND = 'civil-status-copy';

/** Sets up one-time codes on the account page, which leads on to where one was going. */
async function showFactor(page) {
  await page.locator('button[value=code-offer]').click();
  await page.fill('#offer-code', code(await page.locator('dd code').first().textContent()));
  await page.locator('button[value=code-confirm]').click();
  await page.locator('.notice a').first().click();
}

/** An account with a role, and with a position in the ward if there is one to be given. */
async function makeAccount(chief, own, [name, email, kind, role], ward) {
  await chief.goto(`${own}/hue/admin/people`);
  await chief.locator('details.fold > summary').first().click();
  const form = chief.locator('form.slip').first();
  await form.locator('#name').fill(name);
  await form.locator('#kind').selectOption(kind);
  await form.locator('#email').fill(email);
  if (role) await form.locator('#new-role').selectOption(role);
  await form.locator('#reason').fill(REASON);
  await form.locator('button').click();
  const link = await chief.locator('#link').textContent();
  await chief.locator('main .actions a').click();
  if (ward) {
    const position = chief.locator('form:has(button[value=give-position])');
    await chief.locator('details:has(button[value=give-position]) > summary').click();
    await position.locator('#title').fill('Công chức');
    await position.locator('#position-unit').selectOption({ label: ward });
    await position.locator('#position-reason').fill(REASON);
    await position.locator('button').click();
  }
  return link;
}

/** Somebody who has chosen a password and signed in. */
async function enter(world, own, link, email, look) {
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

/** Takes an action on the page of a case, with what it asks. */
async function act(page, action, asked = {}) {
  const form = page.locator(`form:has(button[value="${action}"])`);
  const fold = page.locator(`details:has(button[value="${action}"]) > summary`);
  if (await fold.count()) await fold.click();
  for (const [name, value] of Object.entries(asked)) {
    const field = form.locator(`[name="ask.${name}"]`);
    const isChoice = (await field.evaluate((one) => one.tagName)) === 'SELECT';
    await (isChoice ? field.selectOption(value) : field.fill(value));
  }
  await form.locator(`button[value="${action}"]`).click();
  await page.waitForSelector('.notice.ok');
}

/** Opens a case of the queue by its number, or the first one. */
async function fromQueue(page, own, number) {
  await page.goto(`${own}/hue/work${number ? `?number=${encodeURIComponent(number)}` : ''}`);
  await page.locator('.papers-table tbody th a').first().click();
}

/** Answers the form of somebody who asks for two copies of their own birth certificate. */
async function fillForm(page) {
  const texts = {
    'requester.name': 'Phan Thị An',
    'requester.birthDate': '01/02/1990',
    'requester.personalId': '046190001234',
    'subject.name': 'Phan Thị An',
    'subject.birthDate': '01/02/1990',
    registeredAt: 'UBND xã Hoà Sơn',
    copies: '2',
  };
  for (const [name, text] of Object.entries(texts)) await page.fill(`[name="${name}"]`, text);
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
}

/** Sends the form; what is wrong with it is told if it is not taken. */
async function send(page) {
  await page.locator('main form.form button[value=check]').last().click();
  await page.waitForLoadState('load');
  const faults = await page.locator('.fault-list').allTextContents();
  assert.deepEqual(faults, []);
  await page.waitForSelector('.receipt', { timeout: 10_000 });
}

export function cases(world) {
  describe('dossiers', () => {
    let house;
    before(async () => {
      house = await startHouse();
    });
    after(async () => {
      await house?.stop();
    });

    it('go from a form to a result', async () => {
      const own = house.url;
      const chief = await openPage(world.browser, own, LOOKS[0], { javaScript: false });
      await chief.page.goto(`${own}/hue/set-up`);
      await chief.page.fill('#code', house.code);
      await chief.page.fill('#name', 'Trần Thị Bình');
      await chief.page.fill('#email', 'binh@hue.gov.vn');
      await chief.page.fill('#password', PASSWORD);
      await chief.page.locator('form.slip button').click();
      await chief.page.goto(`${own}/hue/admin/units`);
      await showFactor(chief.page);
      await chief.page.locator('details.fold > summary').click();
      await chief.page.fill('#name', 'UBND phường Thuận Hoá');
      await chief.page.fill('#code', 'H57.20.01');
      await chief.page.locator('form.slip button').click();
      const ward = 'UBND phường Thuận Hoá';
      const people = {
        clerk: ['Hồ Thị Một', 'mot@hue.gov.vn', 'official', 'one-stop-officer'],
        handler: ['Lê Văn Hai', 'hai@hue.gov.vn', 'official', 'officer'],
        leader: ['Ngô Thị Ba', 'ba@hue.gov.vn', 'official', 'unit-leader'],
        citizen: ['Phan Thị An', 'an@example.vn', 'citizen', ''],
      };
      const at = {};
      for (const [who, person] of Object.entries(people)) {
        const link = await makeAccount(chief.page, own, person, who === 'citizen' ? undefined : ward);
        at[who] = await enter(world, own, link, person[1], who === 'citizen' ? LOOKS[3] : LOOKS[0]);
      }

      const { page: home } = at.citizen;
      await home.goto(`${own}/hue/file/${KIND}`);
      await home.fill('#filing-name', 'Phan Thị An');
      await home.selectOption('#filing-unit', { label: ward });
      await fillForm(home);
      await send(home);
      const secret = /[A-Z2-9]{10}/.exec(await home.textContent('.receipt'))[0];
      await home.locator('main .actions a').first().click();
      const paper = new URL(home.url()).pathname;
      assert.match(await home.textContent('main'), /Mới đăng ký/);

      const { page: desk } = at.clerk;
      await fromQueue(desk, own);
      await act(desk, 'accept');
      const number = (await desk.locator('main p.quiet.num').first().textContent()).trim();
      assert.match(number, /^H57\.20\.01-\d{6}-0001$/);

      const { page: office } = at.handler;
      await fromQueue(office, own, number);
      await act(office, 'start');
      await act(office, 'ask-more', { reason: 'Đề nghị bổ sung giấy tờ tuỳ thân.' });
      await home.goto(own + paper);
      assert.match(await home.textContent('main'), /Đề nghị bổ sung giấy tờ tuỳ thân/);
      await act(home, 'answer');
      await fromQueue(office, own, number);
      await act(office, 'submit', { note: 'Đủ điều kiện.' });

      const { page: chair } = at.leader;
      await fromQueue(chair, own, number);
      await act(chair, 'approve');
      await fromQueue(desk, own, number);
      await act(desk, 'deliver', { how: 'counter' });

      await home.goto(`${own}/hue/my-documents`);
      assert.match(await home.textContent('.papers'), /Trích lục hộ tịch/, 'the result is in the locker');

      const stranger = await openPage(world.browser, own, LOOKS[2], { javaScript: false });
      await stranger.page.goto(`${own}/hue/follow`);
      await stranger.page.fill('#number', number);
      await stranger.page.fill('#secret', secret);
      await stranger.page.locator('form.slip button').click();
      assert.match(await stranger.page.textContent('#found-title + .paper-line'), /Result handed over/);
      assert.doesNotMatch(await stranger.page.textContent('main'), /Phan/, 'nothing of the person is told');

      await desk.goto(`${own}/hue/counter/${KIND}`);
      await desk.fill('#filing-name', 'Võ Văn Tư');
      await desk.selectOption('#filing-unit', { label: ward });
      await fillForm(desk);
      await send(desk);
      assert.match(await desk.textContent('.receipt'), /-0002/);

      await chair.goto(`${own}/hue/board`);
      assert.match(await chair.textContent('.figures'), /100/, 'all that ended, ended on time');
      await sound(world, own, chair, { board: '/hue/board', work: '/hue/work', kinds: '/hue/kinds', kind: `/hue/kinds/${KIND}/1`, case: paper });
      await sound(world, own, home, { mine: '/hue/my-cases', documents: '/hue/my-documents', filing: `/hue/file/${KIND}`, own: paper, follow: '/hue/follow' });
      for (const one of [stranger, chief, ...Object.values(at)]) await one.close();
    });
  });
}

/** The pages, each in every look, with the cookies of somebody who may see them. */
async function sound(world, own, page, paths) {
  const cookies = await page.context().cookies();
  for (const look of LOOKS) {
    const seen = await openPage(world.browser, own, look);
    await seen.page.context().addCookies(cookies);
    for (const [name, path] of Object.entries(paths)) {
      const response = await seen.page.goto(own + path, { waitUntil: 'load' });
      assert.equal(response.status(), 200, path);
      await seen.page.evaluate(() => document.querySelectorAll('details.fold').forEach((fold) => (fold.open = true)));
      const overflow = await seen.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${path} is ${overflow} px wider than the screen (${look.name})`);
      await assertAccessible(seen.page, `${path} (${look.name})`);
      await seen.page.evaluate(() => document.querySelectorAll('details.fold').forEach((fold) => (fold.open = false)));
      await seen.screenshot(`cases-${name}`);
    }
    await seen.close();
  }
}
