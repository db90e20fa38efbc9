// What citizens do with dossiers, each from the first page to the end: a birth with what follows from it, more that is asked for
// and photographed, a draft, a business without scripts, a rating without an account, a document used again, a complaint.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { act, fillIn, fromQueue, send } from '../lib/dossiers.mjs';
import { startHouse } from '../lib/house.mjs';
import { makeUnit, newcomer, setUp, showFactor, signIn } from '../lib/people.mjs';
import { until } from '../lib/until.mjs';

const WARD = 'UBND phường Thuận Hoá';
const EXAMPLES = JSON.parse(
  readFileSync(new URL('../../../crates/cases/src/tests/procedures/examples.json', import.meta.url), 'utf8'),
);
const NAME = 'Nguyễn Thị Hoa';
/** Desktop and phone, both in Vietnamese. */
const SIZES = [LOOKS[0], LOOKS[3]];
const official = (name, email, role) => ({ name, email, kind: 'official', role, unit: WARD });
const DESKS = {
  clerk: official('Hồ Thị Một', 'mot@hue.gov.vn', 'one-stop-officer'),
  handler: official('Lê Văn Hai', 'hai@hue.gov.vn', 'officer'),
  leader: official('Ngô Thị Ba', 'ba@hue.gov.vn', 'unit-leader'),
  other: official('Phạm Văn Bốn', 'bon@hue.gov.vn', 'officer'),
  above: official('Đinh Thị Năm', 'nam@hue.gov.vn', 'unit-leader'),
  records: official('Đỗ Thị Bảy', 'bay@hue.gov.vn', 'clerk'),
};

/** Answers without those that the page has filled in or asks for as files. */
const without = (answers, ...names) => Object.fromEntries(Object.entries(answers).filter(([name]) => !names.includes(name)));

const path = (page) => new URL(page.url()).pathname;

export function citizen(world) {
  describe('citizens', () => {
    let house;
    const desks = {};
    before(async () => {
      house = await startHouse();
      const chief = await openPage(world.browser, house.url, LOOKS[0], { javaScript: false });
      await setUp(chief.page, house.url, house.code);
      await chief.page.goto(`${house.url}/hue/admin/units`);
      await showFactor(chief.page);
      await makeUnit(chief.page, house.url, WARD, 'H57.20.01');
      for (const [who, person] of Object.entries(DESKS)) {
        desks[who] = await newcomer(world, house.url, chief.page, person, LOOKS[0]);
      }
      for (const { page } of Object.values(desks)) page.setDefaultTimeout(20_000);
      for (const look of SIZES) {
        const email = `hoa.${look.name}@example.vn`;
        desks[look.name] = await newcomer(world, house.url, chief.page, { name: NAME, email, kind: 'citizen' }, look, { javaScript: true });
      }
      await chief.close();
      await until('the list of procedures is there', 180_000, async () => {
        const found = await (await fetch(`${house.url}/api/v1/hue/procedures`)).json();
        return found.total === 2642;
      });
    });
    after(async () => {
      for (const one of Object.values(desks)) await one.close();
      await house?.stop();
    });
    for (const look of SIZES) journeys(world, look, () => ({ own: house.url, desks, home: desks[look.name] }));
  });
}

/** From the first page to the form of a procedure, as somebody looks for it. */
async function search(page, own, words, title) {
  await page.goto(`${own}/hue/procedures`);
  await page.fill('#q', words);
  await page.locator('.procedure-search button[type=submit]').click();
  await page.locator('.procedure-list li > a', { hasText: title }).first().click();
  await page.locator('main .actions a.primary').first().click();
  await page.waitForSelector('form.form');
}

/** Files what is filled in; answers the path of the dossier and the secret of its receipt. */
async function file(page) {
  await page.selectOption('#filing-unit', { label: WARD });
  await send(page);
  const secret = /[A-Z2-9]{10}/.exec(await page.textContent('.receipt'))[0];
  await page.locator('main .actions a').first().click();
  return { paper: path(page), secret };
}

/** Takes actions on a dossier, each by whoever it is up to. */
async function officials({ own, desks }, paper, steps) {
  for (const [who, action, asked] of steps) {
    await desks[who].page.goto(own + paper);
    await act(desks[who].page, action, asked);
  }
}

const number = async (page) => (await page.locator('main p.quiet.num').first().textContent()).trim();

function journeys(world, look, at) {
  describe(look.name, () => {
    const told = {};

    it('register a birth at home, and what follows from it', async () => {
      const { own, home, desks } = at();
      const { page } = home;
      await search(page, own, 'dang ky khai sinh', /đăng ký khai sinh$/i);
      assert.equal(await page.inputValue('[name="requester.name"]'), NAME, 'what is known is filled in');
      assert.match(await page.textContent('#f-requester-name-mark, [id$="requester-name-mark"]'), /tài khoản/);
      assert.equal(await page.locator('#filing-name').count(), 0, 'nobody is asked twice who applies');
      await fillIn(page, without(EXAMPLES['birth-registration'], 'proof'));
      const picture = { name: 'giay-chung-sinh.png', mimeType: 'image/png', buffer: await page.screenshot() };
      await page.setInputFiles('[name="proof"]:not([type=checkbox])', picture);
      await assertAccessible(page, `filing a birth (${look.name})`);
      await home.screenshot('citizen-file');
      const { paper } = await file(page);
      await officials(at(), paper, [
        ['clerk', 'accept'], ['handler', 'start'], ['clerk', 'collect', { receipt: '0001' }], ['handler', 'send-draft'],
      ]);
      await page.goto(own + paper);
      told.birth = await number(page);
      await act(page, 'confirm');
      await officials(at(), paper, [
        ['handler', 'submit'], ['leader', 'approve'], ['records', 'issue-on-paper'], ['clerk', 'register-residence'], ['clerk', 'issue-health-card'],
      ]);
      await page.goto(own + paper);
      const follows = page.locator('section[aria-labelledby="children-title"] li a');
      assert.deepEqual((await follows.allTextContents()).sort(), ['Cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi', 'Đăng ký thường trú cho trẻ mới khai sinh'].sort());
      await assertAccessible(page, `a birth with what follows (${look.name})`);
      await home.screenshot('citizen-linked');
      await follows.filter({ hasText: 'thường trú' }).click();
      const child = path(page);
      assert.match(await page.textContent('main'), /Thuộc hồ sơ/);
      await officials(at(), child, [['clerk', 'accept'], ['handler', 'start'], ['handler', 'submit'], ['leader', 'approve']]);
      await page.goto(`${own}/hue/my-documents`);
      const locker = await page.textContent('.papers');
      assert.match(locker, /Giấy khai sinh/);
      assert.match(locker, /Thông báo kết quả giải quyết đăng ký cư trú/);
      await desks.clerk.page.goto(own + paper);
      await act(desks.clerk.page, 'deliver', { how: 'online' });
    });

    it('answer what is asked for with a photograph', async () => {
      const { own, home } = at();
      const { page } = home;
      await search(page, own, 'cap ban sao trich luc ho tich', /trích lục hộ tịch/i);
      const answers = EXAMPLES['civil-status-copy'];
      await fillIn(page, answers);
      const { paper, secret } = await file(page);
      await officials(at(), paper, [
        ['clerk', 'accept'], ['handler', 'start'], ['handler', 'ask-more', { reason: 'Đề nghị chụp văn bản uỷ quyền.' }],
      ]);
      await page.goto(own + paper);
      assert.match(await page.textContent('.notice.warn'), /Đề nghị chụp văn bản uỷ quyền/);
      await page.locator('details:has(#attach-file) > summary').click();
      const picture = { name: 'uy-quyen.png', mimeType: 'image/png', buffer: await page.screenshot() };
      await page.selectOption('#part', 'authorisation');
      await page.setInputFiles('#attach-file', picture);
      await page.locator('form:has(#attach-file) button').click();
      await page.waitForSelector('.papers a[download]');
      await assertAccessible(page, `a supplement (${look.name})`);
      await act(page, 'answer');
      await officials(at(), paper, [['handler', 'submit'], ['leader', 'approve'], ['records', 'issue-on-paper']]);
      await page.goto(own + paper);
      Object.assign(told, { copy: paper, number: await number(page), secret });
      assert.match(await page.textContent('main'), /Đã xử lý xong/);
    });

    it('keep a draft, go on with it, and file it', async () => {
      const { own, home } = at();
      const { page } = home;
      await page.goto(`${own}/hue/file/residence-confirmation`);
      const answers = EXAMPLES['residence-confirmation'];
      await fillIn(page, { purpose: answers.purpose });
      await page.locator('button[value=keep]').click();
      await page.waitForSelector('.notice.ok');
      assert.match(await page.textContent('.notice.ok'), /bản nháp/);
      await page.goto(`${own}/hue/my-cases`);
      await assertAccessible(page, `drafts (${look.name})`);
      await home.screenshot('citizen-drafts');
      const drafts = page.locator('section[aria-labelledby="drafts-title"] li');
      assert.equal(await drafts.count(), 1);
      await drafts.locator('a').click();
      assert.equal(await page.inputValue('[name="purpose"]'), answers.purpose, 'what was filled in is there');
      await fillIn(page, without(answers, 'members', 'forWhom'));
      await page.check('[name="forWhom"][value="self"]');
      await file(page);
      await page.goto(`${own}/hue/my-cases`);
      assert.equal(await page.locator('section[aria-labelledby="drafts-title"]').count(), 0, 'it has become a dossier');
    });

    it('set up a business without scripts, from the search to the locker', async () => {
      const { own } = at();
      const plain = await openPage(world.browser, own, look, { javaScript: false });
      const { page } = plain;
      page.setDefaultTimeout(20_000);
      await signIn(page, own, `hoa.${look.name}@example.vn`);
      await search(page, own, 'thanh lap ho kinh doanh', /đăng ký thành lập hộ kinh doanh$/i);
      const answers = { ...without(EXAMPLES['household-business-online'], 'electronicIdentity'), filedBy: 'owner' };
      await fillIn(page, answers);
      const { paper } = await file(page);
      await officials(at(), paper, [
        ['clerk', 'collect', { receipt: '0003' }], ['clerk', 'accept'], ['handler', 'start'], ['handler', 'submit'], ['leader', 'approve'],
        ['records', 'issue-on-paper'],
      ]);
      await page.goto(`${own}/hue/my-documents`);
      assert.match(await page.textContent('.papers'), /hộ kinh doanh/i);
      await plain.close();
    });

    it('follow a dossier with its code and rate it, without scripts and without an account', async () => {
      const { own, desks } = at();
      const stranger = await openPage(world.browser, own, look, { javaScript: false });
      const { page } = stranger;
      await page.goto(`${own}/hue/follow`);
      await page.fill('#number', told.number);
      await page.fill('#secret', told.secret);
      await page.locator('form:has(#secret) button').click();
      assert.match(await page.textContent('#found-title + .paper-line'), /Đã xử lý xong/);
      await page.check('#stars-5');
      await page.fill('#rate-remark', 'Nhanh, cán bộ nhiệt tình.');
      await stranger.screenshot('citizen-rate');
      await page.locator('.rate button').click();
      await page.waitForSelector('.notice.ok');
      assert.match(await page.textContent('main dl'), /Rất hài lòng/);
      await stranger.close();
      // What looks for faults of pages is a script itself.
      const looker = await openPage(world.browser, own, look);
      await looker.page.goto(`${own}/hue/follow`);
      await looker.page.fill('#number', told.number);
      await looker.page.fill('#secret', told.secret);
      await looker.page.locator('form:has(#secret) button').click();
      await looker.page.waitForSelector('.rate');
      await assertAccessible(looker.page, `rating (${look.name})`);
      await looker.close();
      await desks.leader.page.goto(own + told.copy);
      assert.match(await desks.leader.page.textContent('main'), /Nhanh, cán bộ nhiệt tình/, 'those who settled it read it');
    });

    it('use a document of the locker for the next dossier, and are asked nothing twice', async () => {
      const { own, home } = at();
      const { page } = home;
      await page.goto(`${own}/hue/file/first-grade-admission`);
      assert.equal(await page.inputValue('[name="guardian.personalId"]'), '046192001234');
      assert.match(await page.textContent('[id$="guardian-personalId-mark"]'), /Lấy từ hồ sơ H57\.20\.01/);
      assert.ok(await page.isChecked('[name="filing.reuse.birth-certificate"]'));
      assert.ok(await page.isChecked('[name="filing.reuse.residence"]'));
      await home.screenshot('citizen-known');
      await fillIn(page, without(EXAMPLES['first-grade-admission'], 'guardian'));
      const { paper } = await file(page);
      assert.equal(await page.locator('section[aria-labelledby="parts-title"] .state', { hasText: 'Lấy từ kho giấy tờ' }).count(), 2);
      await officials(at(), paper, [['clerk', 'accept']]);
      await page.goto(own + paper);
      assert.match(await page.textContent('main'), /Đã tiếp nhận/);
    });

    it('complain, and are answered by somebody else', async () => {
      const { own, home, desks } = at();
      const { page } = home;
      await page.goto(own + told.copy);
      await page.locator('section[aria-labelledby="complain-title"] a', { hasText: 'Khiếu nại' }).click();
      await page.check('[name="matter"][value="late"]');
      await page.locator('button[value=check]').click();
      await page.waitForSelector('.fault-list');
      // A form that is not whole is refused; the browser notes it.
      const noted = home.troubles.splice(0);
      assert.ok(noted.length > 0 && noted.every((one) => one.includes('422')), noted.join('; '));
      await page.fill('[name="text"]', 'Tôi phải bổ sung giấy tờ mà quy định không đòi.');
      await assertAccessible(page, `a complaint (${look.name})`);
      await home.screenshot('citizen-complaint');
      await page.locator('button[value=check]').click();
      await page.waitForSelector('.receipt');
      await page.locator('main .actions a').first().click();
      const about = path(page);
      assert.match(await number(page), /^H57\.20\.01-KN-\d{6}-\d{3}$/);
      await officials(at(), about, [['clerk', 'accept']]);
      await desks.handler.page.goto(own + about);
      assert.equal(await desks.handler.page.locator('button[value=submit]').count(), 0, 'not whoever worked on the dossier');
      const answer = 'Đúng: văn bản uỷ quyền không cần. Chúng tôi xin lỗi và đã rút kinh nghiệm.';
      await officials(at(), about, [['other', 'submit', { note: 'Đòi giấy tờ ngoài quy định.' }]]);
      await desks.leader.page.goto(own + about);
      assert.equal(await desks.leader.page.locator('button[value=uphold]').count(), 0, 'not whoever decided it');
      await officials(at(), about, [['above', 'uphold', { reason: answer }]]);
      await page.goto(own + about);
      assert.match(await page.textContent('main'), /Đã trả lời: có căn cứ/);
      assert.ok((await page.textContent('main')).includes(answer));
      await assertAccessible(page, `an answered complaint (${look.name})`);
      await home.screenshot('citizen-answered');
    });
  });
}
