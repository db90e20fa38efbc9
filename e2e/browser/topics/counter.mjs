// The one-stop desk: a dossier taken in with the keyboard alone, one that came by post and goes back by post, one that is
// incomplete, one from desk to desk, and somebody who waits with a number. Each on a wide screen and on a phone.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { act } from '../lib/dossiers.mjs';
import { startHouse } from '../lib/house.mjs';
import { makeUnit, newcomer, setUp, showFactor, soundInEveryLook } from '../lib/people.mjs';

const KIND = 'civil-status-copy';
const WARD = 'UBND phường Thuận Hoá';
const OFFICE = 'Phòng Văn hoá - Xã hội phường Thuận Hoá';
const SIZES = [LOOKS[0], { ...LOOKS[2], lang: 'vi', name: 'narrow-light-vi' }];
/** What somebody types and presses in two minutes, at two and a half keys a second. */
const MOST_PRESSES = 300;

/** A keyboard that counts what is pressed, and knows no mouse. */
function keyboard(page) {
  let presses = 0;
  const has = (selector) => page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
  const keys = {
    get presses() {
      return presses;
    },
    async press(key) {
      presses += 1;
      await page.keyboard.press(key);
    },
    async type(text) {
      presses += [...text].length;
      await page.keyboard.type(text);
    },
    async to(selector) {
      for (let tabs = 0; tabs < 60; tabs += 1) {
        if (await has(selector)) return;
        await keys.press('Tab');
      }
      assert.fail(`Tab does not lead to ${selector}`);
    },
    async fill(selector, text) {
      await keys.to(selector);
      await keys.type(text);
    },
    /** Enter, and the page that comes of it. */
    async go() {
      await Promise.all([page.waitForNavigation(), keys.press('Enter')]);
    },
  };
  return keys;
}

/** Answers the form for copies as an official types it who has typed the applicant above already. */
async function typeForm(page, keys) {
  await keys.fill('[name="requester.birthDate"]', '01021990');
  for (const place of await page.locator('[name^="requester.address"]:visible').all()) {
    const name = await place.getAttribute('name');
    const isChoice = (await place.evaluate((one) => one.tagName)) === 'SELECT';
    if (!isChoice) await keys.fill(`[name="${name}"]`, '12 Lê Lợi, Huế');
  }
  await keys.to('[name="relation"]');
  await keys.press('Space');
  await keys.to('[name="event"]');
  await keys.type('Kh');
  await keys.fill('[name="subject.name"]', 'Phan Thị An');
  await keys.fill('[name="subject.birthDate"]', '01/02/1990');
  await keys.fill('[name="registeredAt"]', 'UBND xã Hoà Sơn');
  await keys.fill('[name="copies"]', '2');
  await keys.to('[name="exempt"]');
  await keys.press('ArrowDown');
  await keys.to('[name="pledge"]');
  await keys.press('Space');
}

/** The same with the mouse, for journeys that are about something else. */
async function fillForm(page) {
  await page.fill('[name="requester.birthDate"]', '01/02/1990');
  for (const place of await page.locator('[name^="requester.address"]:visible').all()) {
    const isChoice = (await place.evaluate((one) => one.tagName)) === 'SELECT';
    if (!isChoice) await place.fill('12 Lê Lợi, phường Thuận Hoá, Huế');
  }
  await page.check('[name="relation"][value="self"]');
  const event = page.locator('select[name="event"]');
  if (await event.count()) await event.selectOption('birth');
  else await page.check('[name="event"][value="birth"]');
  await page.fill('[name="subject.name"]', 'Phan Thị An');
  await page.fill('[name="subject.birthDate"]', '01/02/1990');
  await page.fill('[name="registeredAt"]', 'UBND xã Hoà Sơn');
  await page.fill('[name="copies"]', '2');
  await page.locator('[name="exempt"]').last().check();
  await page.check('[name="pledge"]');
}

/** Opens the page on which a dossier is taken in, and says who applies. */
async function begin(page, own, name) {
  await page.goto(`${own}/hue/counter/${KIND}`);
  await page.fill('#filing-name', name);
  await page.fill('#filing-number', '046190001234');
  await fillForm(page);
}

/** Takes the dossier in; what is wrong is told if it is not taken. */
async function takeIn(page) {
  await page.locator('main form.form button.primary[value=check]').click();
  await page.waitForLoadState('load');
  assert.deepEqual(await page.locator('.fault-list, .notice.danger').allTextContents(), []);
  return (await page.locator('.receipt .num').first().textContent()).trim();
}

/** No page is wider than the screen, and none has a serious finding. */
async function sound(page, what) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${what} is ${overflow} px wider than the screen`);
  await assertAccessible(page, what);
}

/** Pages that bring themselves up to date stand still while they are looked at. */
async function hold(page) {
  await page.route(/\/tickets\/./, async (route) => {
    const response = await route.fetch();
    const { refresh, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
}

/** The day before today, official time, as fields of days have it. */
function yesterday() {
  return new Date(Date.now() - 17 * 3_600_000).toISOString().slice(0, 10);
}

export function counter(world) {
  describe('the one-stop desk', { concurrency: false }, () => {
    let house, own, chief;
    const at = {};
    before(async () => {
      house = await startHouse();
      own = house.url;
      chief = await openPage(world.browser, own, LOOKS[0], { javaScript: false });
      await setUp(chief.page, own, house.code);
      await chief.page.goto(`${own}/hue/admin/units`);
      await showFactor(chief.page);
      await makeUnit(chief.page, own, WARD, 'H57.20.01');
      await makeUnit(chief.page, own, OFFICE);
      const official = (name, email, role, unit = WARD) => ({ name, email, kind: 'official', role, unit });
      const people = {
        clerk: official('Hồ Thị Một', 'mot@hue.gov.vn', 'one-stop-officer'),
        handler: official('Lê Văn Hai', 'hai@hue.gov.vn', 'officer'),
        leader: official('Ngô Thị Ba', 'ba@hue.gov.vn', 'unit-leader'),
        other: official('Đỗ Văn Tư', 'tu@hue.gov.vn', 'officer', OFFICE),
        records: official('Đỗ Thị Bảy', 'bay@hue.gov.vn', 'clerk'),
      };
      for (const [who, person] of Object.entries(people)) {
        at[who] = await newcomer(world, own, chief.page, person, LOOKS[0], { javaScript: true });
      }
    });
    after(async () => {
      for (const one of [chief, ...Object.values(at)]) await one?.close();
      await house?.stop();
    });

    /** Somebody who is signed in already, on a screen of another size. */
    async function as(who, look) {
      const opened = await openPage(world.browser, own, look);
      const cookies = (await at[who].page.context().cookies()).filter(({ name }) => name.includes('dinh'));
      await opened.page.context().addCookies(cookies);
      return opened;
    }

    for (const look of SIZES) {
      it(`takes in a dossier with the keyboard alone (${look.name})`, async () => {
        const opened = await as('clerk', look);
        const { page } = opened;
        await page.goto(`${own}/hue/counter`);
        await sound(page, 'the home of the desk');
        await opened.screenshot('counter-home');
        const keys = keyboard(page);
        await keys.type('ban sao trich luc');
        await keys.go();
        await page.waitForURL(`**/counter/${KIND}`);
        await keys.type('Phan Thị An');
        await keys.press('Tab');
        await keys.type('046190001234');
        await typeForm(page, keys);
        await opened.screenshot('counter-typed');
        await keys.go();
        assert.deepEqual(await page.locator('.fault-list').allTextContents(), []);
        assert.match(await page.textContent('.receipt'), /H57\.20\.01-\d{6}-\d{4}/);
        const paper = await page.textContent('.paper-sheet');
        assert.match(paper, /Giấy tiếp nhận hồ sơ và hẹn trả kết quả/);
        assert.match(paper, /Phan Thị An/);
        assert.match(paper, /Mã tra cứu: [A-Z2-9]{10}/, 'the code is printed');
        await sound(page, 'the receipt');
        await opened.screenshot('counter-receipt');
        await keys.go();
        await page.waitForURL(`**/counter/${KIND}`);
        assert.ok(keys.presses <= MOST_PRESSES, `${keys.presses} keys were pressed`);
        await opened.close();
      });

      it(`takes in what came by post, and sends the result by post (${look.name})`, async () => {
        const opened = await as('clerk', look);
        const { page } = opened;
        await begin(page, own, 'Trần Văn Năm');
        await page.locator('details:has(#filing-channel) > summary').click();
        await page.selectOption('#filing-channel', 'post');
        await page.fill('#filing-sent', yesterday());
        const number = await takeIn(page);
        assert.match(await page.textContent('.paper-sheet'), /dấu bưu điện/);
        await page.emulateMedia({ media: 'print' });
        await opened.screenshot('counter-receipt-printed');
        for (const other of ['.notice', '.receipt', 'header.board']) {
          assert.ok(await page.locator(other).first().isHidden(), `only the paper is printed, without ${other}`);
        }
        await page.emulateMedia({ media: 'screen' });
        await page.locator('.receipt a').nth(2).click();
        const path = new URL(page.url()).pathname;
        for (const [who, action] of [['handler', 'start'], ['handler', 'submit'], ['leader', 'approve'], ['records', 'issue-on-paper']]) {
          await at[who].page.goto(own + path);
          await act(at[who].page, action);
        }
        await page.goto(`${own}/hue/counter`);
        const waits = page.locator('section:has(#done-title) a', { hasText: number });
        await waits.click();
        await act(page, 'send-by-post', { tracking: 'EK123456789VN' });
        assert.match(await page.textContent('main'), /EK123456789VN/);
        await act(page, 'arrived');
        assert.match(await page.textContent('main .paper-line'), /Đã trả kết quả/);
        await page.locator('a', { hasText: 'Phiếu kiểm soát quá trình' }).click();
        assert.match(await page.textContent('.paper-rows'), /Bưu chính đã phát kết quả/);
        await sound(page, 'the slip that controls the process');
        await opened.screenshot('counter-slip');
        await opened.close();
      });

      it(`asks to complete what is incomplete, and refuses what is not for it (${look.name})`, async () => {
        const opened = await as('clerk', look);
        const { page } = opened;
        await begin(page, own, 'Lê Thị Sáu');
        await page.locator('.counter-lack > summary').click();
        await page.fill('#filing-reason', 'Thiếu văn bản uỷ quyền của người được cấp bản sao.');
        await page.check('#lack-authorisation');
        await opened.screenshot('counter-lack');
        await page.click('button[value=ask]');
        await page.waitForSelector('.paper-sheet');
        const paper = await page.textContent('.paper-sheet');
        assert.match(paper, /Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ/);
        assert.match(paper, /Văn bản uỷ quyền[\s\S]*Thiếu văn bản uỷ quyền của người được cấp bản sao/);
        await sound(page, 'the request to complete');
        await opened.screenshot('counter-asked');
        await begin(page, own, 'Lê Thị Sáu');
        await page.locator('.counter-lack > summary').click();
        await page.fill('#filing-reason', 'Không thuộc thẩm quyền giải quyết của phường.');
        await page.click('button[value=refuse]');
        await page.waitForSelector('.paper-sheet');
        assert.match(await page.textContent('.paper-sheet'), /Phiếu từ chối tiếp nhận giải quyết hồ sơ/);
        await opened.close();
      });

      it(`hands a dossier over, and the other side confirms (${look.name})`, async () => {
        const opened = await as('clerk', look);
        const { page } = opened;
        await begin(page, own, 'Phạm Văn Bảy');
        const number = await takeIn(page);
        await page.goto(`${own}/hue/counter/handover`);
        await page.locator(`input[aria-label="${number}"]`).check();
        await page.selectOption('#out-unit', { label: OFFICE });
        await page.click('button[value=hand-over]');
        await page.waitForSelector('.paper-sheet');
        assert.match(await page.textContent('.paper-sheet'), new RegExp(`${OFFICE}[\\s\\S]*${number}`));
        await sound(page, 'the list of what was handed over');
        await opened.screenshot('counter-handover');
        const other = at.other.page;
        await other.goto(`${own}/hue/counter/handover`);
        await other.locator(`input[aria-label="${number}"]`).check();
        await other.click('button[value=take-over]');
        await other.waitForSelector('.notice.ok');
        await opened.close();
      });

      it(`lets somebody wait with a number, from the kiosk to the window (${look.name})`, async () => {
        const visitor = await openPage(world.browser, own, look);
        const { page: kiosk } = visitor;
        await hold(kiosk);
        await kiosk.goto(`${own}/hue/tickets`);
        await sound(kiosk, 'the choice of a desk');
        await kiosk.locator('main .papers a').first().click();
        await sound(kiosk, 'the kiosk');
        await visitor.screenshot('ticket-kiosk');
        await kiosk.click('.ticket-take');
        const label = (await kiosk.textContent('.ticket-number')).trim();
        assert.match(label, /^A\d{3}$/);
        assert.match(await kiosk.textContent('[role=status]'), /Còn 0 người trước bạn/);
        await kiosk.goto(kiosk.url());
        await sound(kiosk, 'a ticket');
        await visitor.screenshot('ticket');
        const desk = await as('clerk', look);
        const { page } = desk;
        await page.goto(`${own}/hue/counter`);
        await page.fill('#window', '3');
        await page.click('button[value=call]');
        await page.waitForSelector('.ticket-now .ticket-number');
        assert.equal((await page.textContent('.ticket-now .ticket-number')).trim(), label);
        await desk.screenshot('ticket-desk');
        await kiosk.reload();
        assert.match(await kiosk.textContent('[role=status]'), /mời đến quầy 3/);
        const wall = await openPage(world.browser, own, look);
        const response = await wall.page.request.get(`${own}/hue/tickets/wall`);
        assert.equal(response.headers().refresh, '5', 'it brings itself up to date without scripts');
        await hold(wall.page);
        await wall.page.goto(`${own}/hue/tickets/wall`);
        assert.match(await wall.page.textContent('.ticket-calls'), new RegExp(`${label}[\\s\\S]*Quầy 3`));
        await sound(wall.page, 'the wall');
        await wall.screenshot('ticket-wall');
        await page.click('button[value=serve]');
        await page.click('button[value=end]');
        await page.waitForSelector('button[value=call]');
        await kiosk.reload();
        assert.match(await kiosk.textContent('[role=status]'), /Đã xong/);
        for (const one of [visitor, desk, wall]) await one.close();
      });

      it(`books an appointment (${look.name})`, async () => {
        const opened = await as('handler', look);
        const { page } = opened;
        await page.goto(`${own}/hue/tickets/book`);
        await page.selectOption('#unit', { label: WARD });
        await page.locator('form[method=get] button').last().click();
        await page.waitForSelector('.ticket-slots');
        await sound(page, 'free times');
        await opened.screenshot('ticket-book');
        await page.locator('.ticket-slots input').first().check();
        await page.locator('form.asking button').click();
        await page.waitForSelector('.ticket-number');
        assert.match((await page.textContent('.ticket-number')).trim(), /^H\d{3}$/);
        await page.click('button[value=cancel]');
        await page.waitForSelector('text=Lịch hẹn đã huỷ');
        await opened.close();
      });
    }

    it('has no page that is hard to use', async () => {
      const paths = { home: '/hue/counter', intake: `/hue/counter/${KIND}`, handover: '/hue/counter/handover', kiosk: '/hue/tickets', book: '/hue/tickets/book' };
      await soundInEveryLook(world, own, at.clerk.page, paths, 'counter');
    });
  });
}
