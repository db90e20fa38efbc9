// Money of a dossier from the first page to the last: the fee appears with a QR, a statement pays it, the receipt is printed;
// what nobody knows is matched by hand, what is too much is given back by two people; cash at the counter, the till, the books.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { act, askForCopies, fromQueue, send } from '../lib/dossiers.mjs';
import { startHouse } from '../lib/house.mjs';
import { makeUnit, newcomer, setUp, showFactor, soundInEveryLook } from '../lib/people.mjs';
import { until } from '../lib/until.mjs';

const KIND = 'civil-status-copy';
const WARD = 'UBND phường Thuận Hoá';
const NUMBER = '1031933430';
const PHONE = { ...LOOKS[2], lang: 'vi', name: 'narrow-light-vi' };

/** A statement as banks give it; amounts in đồng, the balance follows. */
function statement(before, lines) {
  let balance = before;
  const rows = lines.map(([reference, amount, text]) => {
    balance += amount;
    const day = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10).split('-').reverse().join('/');
    return `${day} 10:00:00,${reference},${amount < 0 ? -amount : 0},${amount > 0 ? amount : 0},${balance},${text}`;
  });
  return `Ngày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Số dư,Nội dung\n${rows.join('\n')}\n`;
}

/** Brings a statement in; what the page says then. */
async function bringIn(page, own, name, text) {
  await page.goto(`${own}/hue/money`);
  await page.setInputFiles('#file', { name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.locator('form[enctype] button').click();
  await page.waitForSelector('.notice');
  return page.locator('.notice').first().textContent();
}

/** Files for two copies; answers the path of the dossier. */
async function file(page, own) {
  await page.goto(`${own}/hue/file/${KIND}`);
  await page.selectOption('#filing-unit', { label: WARD });
  await askForCopies(page);
  await send(page);
  await page.locator('main .actions a').first().click();
  return new URL(page.url()).pathname;
}

/** Receives a dossier at the desk. */
async function receive(desk, own, path) {
  await desk.goto(own + path);
  await act(desk, 'accept');
}

/** The reference of the one bill of a dossier, once it is there. */
async function reference(page, own, path) {
  return until('the bill is there', 20_000, async () => {
    await page.goto(own + path);
    const found = page.locator('.bill-reference');
    return (await found.count()) ? (await found.first().textContent()).trim() : null;
  });
}

export function money(world) {
  describe('money', { concurrency: false }, () => {
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
      const official = (name, email, role) => ({ name, email, kind: 'official', role, unit: WARD });
      const people = {
        clerk: [official('Hồ Thị Một', 'mot@hue.gov.vn', 'one-stop-officer'), LOOKS[0]],
        treasurer: [official('Lê Văn Hai', 'hai@hue.gov.vn', 'treasurer'), LOOKS[0]],
        leader: [official('Ngô Thị Ba', 'ba@hue.gov.vn', 'unit-leader'), PHONE],
        citizen: [{ name: 'Phan Thị An', email: 'an@example.vn', kind: 'citizen' }, PHONE],
        neighbour: [{ name: 'Võ Văn Tư', email: 'tu@example.vn', kind: 'citizen' }, LOOKS[0]],
      };
      for (const [who, [person, look]] of Object.entries(people)) {
        at[who] = await newcomer(world, own, chief.page, person, look);
      }
    });
    after(async () => {
      await house?.stop();
    });

    it('is asked for with a QR, found in a statement once, and given back by two people', async () => {
      const [desk, books, chair, home] = [at.clerk.page, at.treasurer.page, at.leader.page, at.citizen.page];
      await chief.page.goto(`${own}/hue/money/accounts`);
      await chief.page.locator('details.fold > summary').first().click();
      await chief.page.selectOption('#unit', { label: WARD });
      for (const [field, text] of Object.entries({ bank: 'Ngân hàng A', bin: '970436', number: NUMBER, holder: 'UBND PHUONG THUAN HOA', validFrom: '2026-01-01' })) {
        await chief.page.fill(`#${field}`, text);
      }
      await chief.page.selectOption('#profile', 'generic');
      await chief.page.locator('form.slip button').click();
      await chief.page.waitForSelector('.notice.ok');
      assert.match(await chief.page.textContent('main'), /dự thảo, chưa áp dụng/, 'a draft of a reduction says so');

      const paper = await file(home, own);
      await receive(desk, own, paper);
      const code = await reference(home, own, paper);
      assert.match(code, /^DH[0-9A-Y]{8}$/);
      const bill = await home.textContent('.bill');
      assert.match(bill, /16\.000 đồng/);
      assert.match(bill, /281\/2016\/TT-BTC/, 'it says on what it stands');
      assert.equal(await home.locator('.bill-qr svg').count(), 1);
      const first = statement(0, [['FT1', 16_000, `MBVCB.1.${code.toLowerCase()}.CT tu 001`], ['FT2', 20_000, `nop ${code}`], ['FT3', 7_000, 'khong ro noi dung']]);
      assert.match(await bringIn(books, own, 'sao-ke-23.csv', first), /Đã nhập 3 dòng mới/);

      const again = await openPage(world.browser, own, LOOKS[0], { javaScript: false });
      await again.page.context().addCookies(await books.context().cookies());
      assert.match(await bringIn(again.page, own, 'sao-ke-23.csv', first), /đã được nhập lúc .* Không có gì thay đổi/);
      assert.match(await bringIn(again.page, own, 'cut.csv', first.replace(/^.*FT2.*$/m, '').replace('\n\n', '\n')), /thiếu dòng hoặc bị sửa/);
      await again.page.context().close();

      await home.goto(own + paper);
      assert.match(await home.textContent('.bill'), /Nộp thừa/);
      await home.locator('.bill .papers a').first().click();
      assert.match(await home.textContent('.paper-sheet'), /BL-H57\.20\.01-\d\d-00000[12]/);

      await books.goto(`${own}/hue/money/lines`);
      assert.match(await books.textContent('.money-lines'), /khong ro noi dung/);
      const second = await file(at.neighbour.page, own);
      await receive(desk, own, second);
      const other = await reference(at.neighbour.page, own, second);
      await books.goto(`${own}/hue/money/lines`);
      await books.locator('.money-lines details > summary').first().click();
      await books.fill('.money-lines input[name=reference]', `${other.slice(0, 6)} ${other.slice(6)}`);
      await books.fill('.money-lines input[name=reason]', 'Người nộp đã mang giấy chuyển tiền.');
      await books.locator('.money-lines button[value=match]').first().click();
      await books.waitForSelector('.notice.ok');
      await at.neighbour.page.goto(own + second);
      assert.match(await at.neighbour.page.textContent('.bill'), /9\.000 đồng/, 'the rest is still owed');

      await books.goto(`${own}/hue/money/lines?bills=over`);
      await books.locator('tbody th a').first().click();
      await books.locator('details:has(button[value=refund]) > summary').click();
      const refund = { amount: '20.000', reason: 'Nộp hai lần.', bin: '970403', number: '0011012345678', holder: 'PHAN THI AN' };
      for (const [field, text] of Object.entries(refund)) await books.fill(`#refund-${field}`, text);
      await books.locator('button[value=refund]').click();
      await books.waitForSelector('.notice.ok');
      await books.goto(`${own}/hue/money/refunds`);
      assert.equal(await books.locator('button[value=approve]').count(), 0, 'nobody approves what they asked for');
      await chair.goto(`${own}/hue/money/refunds`);
      await chair.locator('button[value=approve]').first().click();
      await chair.waitForSelector('.notice.ok');
      await books.goto(`${own}/hue/money/refunds`);
      await books.fill('[name=voucher]', 'UNC-01');
      await books.locator('button[value=pay]').click();
      await books.waitForSelector('.notice.ok');
      await home.goto(own + paper);
      assert.match(await home.textContent('.bill'), /Đã nộp đủ/);

      await desk.goto(own + second);
      await desk.locator('.bill h3 a').first().click();
      await desk.locator('button[value=cash]').click();
      await desk.waitForSelector('.notice.ok');
      assert.match(await desk.locator('.notice.ok').first().textContent(), /Biên lai số BL-H57\.20\.01-\d\d-000004/);
      await desk.goto(`${own}/hue/money/till`);
      assert.match(await desk.textContent('.figures'), /9\.000 đồng/);
      await desk.fill('#counted', '9000');
      await desk.fill('#deposited', '9000');
      await desk.locator('form.slip button').click();
      await desk.waitForSelector('.notice.ok');

      await books.goto(`${own}/hue/money/ledger`);
      assert.match(await books.locator('.notice.ok').first().textContent(), /Sổ cân/);
      await chair.goto(`${own}/hue/money/revenue`);
      assert.match(await chair.textContent('main'), /52\.000/, 'what came by transfer and in cash');

      const bills = new URL(await home.locator('.bill h3 a').first().getAttribute('href'), own).pathname;
      const receipt = new URL(await home.locator('.bill .papers a').first().getAttribute('href'), own).pathname;
      await soundInEveryLook(world, own, home, { mine: '/hue/my-bills', case: paper, bill: bills, receipt }, 'money');
      await soundInEveryLook(world, own, books, { desk: '/hue/money', lines: '/hue/money/lines', matched: '/hue/money/lines?state=matched', over: '/hue/money/lines?bills=open', refunds: '/hue/money/refunds', ledger: '/hue/money/ledger' }, 'money');
      await soundInEveryLook(world, own, chair, { revenue: '/hue/money/revenue', approve: '/hue/money/refunds' }, 'money');
      await soundInEveryLook(world, own, desk, { till: '/hue/money/till', cash: bills }, 'money');
      await soundInEveryLook(world, own, chief.page, { accounts: '/hue/money/accounts' }, 'money');
      for (const one of [chief, ...Object.values(at)]) await one.close();
    });
  });
}
