// E-cards, each journey from the first page to the result: a card proposed and granted by two people, printed, shown and verified on
// the device with and without network, lost, revoked and refused; a check-in; a wallet written with other people's libraries.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { REASON, UNIT, act, judge, judgePicture, openVerifier, path, proposeCard, startCardHouse } from '../lib/cards.mjs';
import { soundInEveryLook } from '../lib/people.mjs';
import { fetchCard, makeWallet, present, requestOf } from '../lib/wallets.mjs';

const SIZES = [LOOKS[0], LOOKS[3]];
const HOUR = 3_600_000;

export function cards(world) {
  describe('e-cards', () => {
    let house;
    before(async () => {
      house = await startCardHouse(world);
    });
    after(() => house?.stop());
    for (const [at, look] of SIZES.entries()) {
      const who = at === 0 ? { name: /Thảo/, personalId: '046184001234' } : { name: /Bình/, personalId: '046184005678' };
      const holder = at === 0 ? 'desktop' : 'phone';
      journeys(world, look, () => ({ own: house.url, desks: house.desks, holder: house.desks[holder], who }));
    }
    it('are sound in every look', async () => {
      const { url, desks } = house;
      const officer = desks.officer.page;
      // A card that holds has more on its pages than one that was revoked.
      const one = await proposeCard(officer, url, { name: /Thảo/, personalId: '046184001234' });
      await desks.head.page.goto(url + one);
      await act(desks.head.page, 'approve', 'Cấp lại sau khi thu hồi thẻ cũ');
      await officer.goto(`${url}/hue/cards/check-ins`);
      const checkIn = await officer.locator('main a[href*="check-ins/urn"]').first().getAttribute('href');
      await askForCard(officer, url, ['name', 'unit']);
      const pages = {
        verify: '/hue/verify', list: '/hue/cards', new: '/hue/cards/new', standing: '/hue/cards/standing', one, print: `${one}/print`,
        'check-ins': '/hue/cards/check-ins', 'check-in': checkIn, ask: '/hue/presentations', asked: path(officer),
      };
      await soundInEveryLook(world, url, officer, pages, 'cards');
      const holder = desks.desktop.page;
      await holder.goto(`${url}/hue/my-cards`);
      const mine = await holder.locator('.papers a').first().getAttribute('href');
      await soundInEveryLook(world, url, holder, { mine: '/hue/my-cards', 'mine-one': mine }, 'cards');
    });
  });
}

/** Asks to see a card, and goes to the page with the code for the wallet. */
async function askForCard(page, own, claims, why = 'Kiểm tra tại chợ Đông Ba') {
  await page.goto(`${own}/hue/presentations`);
  for (const box of await page.locator('input[name=claim]').all()) {
    await box.setChecked(claims.includes(await box.getAttribute('value')));
  }
  await page.fill('#why', why);
  await page.locator('form.slip button[type=submit]').click();
  await page.waitForURL(/\/presentations\/./);
}

/** A page of a PDF as a picture, as a printer at 300 dots to the inch would draw it; null where poppler is not installed. */
function printed(pdf, page) {
  const folder = mkdtempSync(join(tmpdir(), 'dinh-card-'));
  try {
    writeFileSync(join(folder, 'card.pdf'), pdf);
    const asked = ['-r', '300', '-png', '-singlefile', '-f', String(page), '-l', String(page), join(folder, 'card.pdf'), join(folder, 'card')];
    execFileSync('pdftoppm', asked);
    return readFileSync(join(folder, 'card.png'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    console.log('SKIPPED: drawing printed cards needs pdftoppm (poppler-utils)');
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function journeys(world, look, at) {
  describe(look.name, () => {
    const told = {};

    it('two people issue a card, and its holder shows it', async () => {
      const { own, desks, holder, who } = at();
      const officer = desks.officer.page;
      told.card = await proposeCard(officer, own, who);
      await act(officer, 'approve');
      assert.match(await officer.textContent('.notice.danger'), /người khác phải quyết định/);
      const head = desks.head.page;
      await head.goto(own + told.card);
      await act(head, 'approve', 'Đủ điều kiện, đồng ý cấp');
      await head.waitForSelector('.notice.ok');
      await assertAccessible(head, `a card (${look.name})`);
      await holder.page.goto(`${own}/hue/account`);
      await holder.page.locator('a', { hasText: 'Thẻ của tôi' }).click();
      await assertAccessible(holder.page, `my cards (${look.name})`);
      await holder.page.locator('.papers a').first().click();
      await holder.page.waitForSelector('.show-qr svg');
      await assertAccessible(holder.page, `my card (${look.name})`);
      await holder.screenshot('my-card');
      told.mine = path(holder.page);
      told.qr = await holder.page.textContent('#qr-text');
      assert.ok(told.qr.startsWith('DINH1:') && told.qr.length <= 350, `${told.qr.length} characters`);
      assert.ok(!told.qr.includes('046184'), 'no personal number');
    });

    it('both sides are printed in the size of a card', async () => {
      const { own, desks } = at();
      const { page, screenshot } = desks.officer;
      await page.goto(`${own}${told.card}/print`);
      const box = await page.locator('.cr80.front').boundingBox();
      assert.ok(Math.abs(box.width - 323.5) < 1.5 && Math.abs(box.height - 204.1) < 1.5, `${box.width} × ${box.height}`);
      await assertAccessible(page, `printing a card (${look.name})`);
      await screenshot(`cards-print-${look.name}`);
      const one = await page.request.get(own + (await page.getAttribute('#pdf', 'href')));
      assert.equal(one.headers()['content-type'], 'application/pdf');
      told.front = printed(await one.body(), 1);
      told.back = printed(await one.body(), 2);
      if (told.front) for (const side of ['front', 'back']) writeFileSync(new URL(`../../artifacts/card-${side}-${look.name}.png`, import.meta.url), told[side]);
      await page.goto(`${own}/hue/cards`);
      await page.locator('input[name=card]').first().check();
      const form = page.locator('form.print-many');
      const asked = new URLSearchParams(await form.evaluate((form) => [...new FormData(form)]));
      const many = await page.request.get(`${own}${await form.getAttribute('action')}?${asked}`);
      assert.equal(many.headers()['content-type'], 'application/pdf');
      assert.ok((await many.body()).subarray(0, 5).equals(Buffer.from('%PDF-')));
    });

    it('a device verifies it, also without network', async () => {
      const { own } = at();
      const { page, screenshot } = await openVerifier(world, own, look);
      assert.equal(await judge(page, told.qr), 'valid');
      await assertAccessible(page, `a verified card (${look.name})`);
      await screenshot('verify-valid');
      // One letter altered within the signature: what it packs is found out one way or another.
      const altered = told.qr.slice(0, 120) + (told.qr[120] === 'A' ? 'B' : 'A') + told.qr.slice(121);
      const forged = ['forged', 'not-a-card', 'unknown-issuer'];
      assert.ok(forged.includes(await judge(page, altered)));
      assert.equal(await judge(page, 'DINH1:BB8'), 'not-a-card');
      await page.context().setOffline(true);
      await page.reload();
      await page.waitForSelector('#verify-fresh[data-state=fresh]');
      assert.equal(await judge(page, told.qr), 'valid', 'without network');
      assert.ok(forged.includes(await judge(page, altered)), 'an altered one without network');
      if (told.back) assert.equal(await judgePicture(page, told.back), 'valid', 'the printed QR, from a picture, without network');
      // Two hours later, still without network: it says how old its list is; two days later it does not vouch any more.
      for (const [hours, state, outcome] of [[2, 'stale', 'valid'], [48, 'over', 'unknown-standing']]) {
        await page.clock.setFixedTime(Date.now() + hours * HOUR);
        await page.reload();
        await page.waitForSelector(`#verify-fresh[data-state=${state}]`);
        assert.equal(await judge(page, told.qr), outcome, `${hours} hours without network`);
      }
      await screenshot('verify-stale');
      // What could not be fetched without network is in the console: nobody asks for silence here.
      await page.context().close();
    });

    it('without scripts the server verifies, and tells what an officer was sent for', async () => {
      const { own, desks } = at();
      const head = desks.head.page;
      await head.goto(own + told.card);
      await head.locator('summary', { hasText: 'Cử đi làm nhiệm vụ' }).click();
      const local = (hours) => new Date(Date.now() + (hours + 7) * HOUR).toISOString().slice(0, 16);
      await head.fill('#task-title', 'Kiểm tra an toàn thực phẩm');
      await head.fill('#task-place', 'Chợ Đông Ba');
      await head.fill('#task-from', local(-1));
      await head.fill('#task-until', local(8));
      await head.fill('#task-reason', REASON);
      await head.locator('#task-form button').click();
      await head.waitForSelector('.notice.ok');
      const opened = await openPage(world.browser, own, look, { javaScript: false });
      await opened.page.goto(`${own}/hue/verify`);
      await opened.page.fill('#verify-text', told.qr);
      await opened.page.locator('#verify-form button[type=submit]').click();
      assert.equal(await opened.page.getAttribute('#verify-result', 'data-outcome'), 'valid');
      assert.match(await opened.page.textContent('#verify-result'), /Chợ Đông Ba/);
      await opened.screenshot('verify-server');
      await opened.close();
      // The same answer, looked at where scripts run: what looks at it is one.
      const again = await openPage(world.browser, own, look, { javaScript: true });
      await again.page.goto(`${own}/hue/verify`);
      await again.page.fill('#verify-text', told.qr);
      await again.page.evaluate(() => document.querySelector('#verify-form').submit());
      await again.page.waitForSelector('#verify-result[data-outcome=valid]');
      assert.match(await again.page.textContent('#verify-result'), /Chợ Đông Ba/);
      await assertAccessible(again.page, `verified by the server (${look.name})`);
      await again.close();
    });

    it('a card checks in once', async () => {
      const { own, desks } = at();
      const { page } = desks.officer;
      await page.goto(`${own}/hue/cards/check-ins`);
      const local = (hours) => new Date(Date.now() + (hours + 7) * HOUR).toISOString().slice(0, 16);
      await page.fill('#title', `Họp giao ban (${look.name})`);
      await page.fill('#from', local(-1));
      await page.fill('#until', local(2));
      await page.locator('form.slip button').click();
      for (const said of [/đã có mặt/, /đã được ghi từ trước/]) {
        await page.fill('#text', told.qr);
        await page.locator('form.slip button').click();
        assert.match(await page.textContent('.notice.ok'), said);
      }
      assert.equal(await page.locator('tbody tr').count(), 1);
      await assertAccessible(page, `a check-in (${look.name})`);
    });

    it('a wallet fetches it, and shows it to one who asks, once', async () => {
      const { own, holder } = at();
      await holder.page.goto(own + told.mine);
      await holder.page.locator('button[value=offer]').click();
      const offer = JSON.parse(new URL(await holder.page.getAttribute('#offer', 'href')).searchParams.get('credential_offer'));
      told.wallet = await makeWallet();
      told.credential = await fetchCard(told.wallet, offer, UNIT);
      const cookie = (await holder.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
      const post = (at, body) => fetch(`${own}/api/v1/hue/cards/${at}`, {
        method: 'POST', headers: { cookie, 'content-type': 'application/json' }, body: body && JSON.stringify(body),
      });
      const question = await (await post('questions')).json();
      const answer = await present(told.wallet, told.credential, question.request);
      const send = () => fetch(question.request.response_uri, { method: 'POST', body: answer });
      assert.equal((await send()).status, 200);
      const again = await send();
      assert.equal(again.status, 400, 'a presentation that is repeated is refused');
      assert.match((await again.json()).detail, /answered before/);
      const said = await (await post('answers', { secret: question.secret })).json();
      assert.equal(said.standing, 'valid');
      assert.equal(said.unit, UNIT);
      assert.equal(said.card_number, undefined, 'nothing is told that was not asked for');
    });

    it('whoever asks at a counter sees at once what is shown, and that it is sent again', async () => {
      const { own, desks } = at();
      const opened = await openPage(world.browser, own, look, { javaScript: true });
      const { page, screenshot } = opened;
      await page.context().addCookies((await desks.head.page.context().cookies()).filter(({ name }) => name.includes('dinh')));
      await page.goto(`${own}/hue/presentations`);
      await assertAccessible(page, `asking for a card (${look.name})`);
      await askForCard(page, own, ['name', 'unit']);
      await page.waitForSelector('.show-qr svg');
      assert.match(await page.textContent('main'), /Kiểm tra tại chợ Đông Ba/);
      await assertAccessible(page, `a question to a wallet (${look.name})`);
      await screenshot('present-waiting');
      const request = requestOf(await page.getAttribute('#wallet', 'href'));
      const asked = request.dcql_query.credentials[0].claims.map(({ path }) => path[0]);
      assert.deepEqual(asked, ['name', 'unit'], 'nothing is asked for but what was chosen');
      const answer = await present(told.wallet, told.credential, request);
      assert.equal((await fetch(request.response_uri, { method: 'POST', body: answer })).status, 200);
      // Nobody touches the page.
      await page.waitForSelector('#presented[data-outcome=valid]');
      const said = await page.textContent('#presented');
      assert.ok(said.includes(UNIT) && said.includes('Chợ Đông Ba'), said);
      assert.ok(!said.includes('Công chức'), 'the position stays hidden');
      assert.match(said, /giữ kín 3 thông tin/);
      await assertAccessible(page, `a card that was shown (${look.name})`);
      await screenshot('present-shown');
      assert.equal((await fetch(request.response_uri, { method: 'POST', body: answer })).status, 400);
      await page.waitForSelector('#presentation .notice.danger');
      assert.match(await page.textContent('#presentation .notice.danger'), /gửi lại .*1 lần/);
      // The same presentation in answer to another question.
      const mine = path(page);
      await askForCard(page, own, ['name', 'unit']);
      const other = requestOf(await page.getAttribute('#wallet', 'href'));
      const replayed = new URLSearchParams(answer);
      replayed.set('state', other.state);
      assert.equal((await fetch(other.response_uri, { method: 'POST', body: replayed })).status, 400);
      await page.waitForSelector('#presented[data-outcome=other]');
      assert.match(await page.textContent('#presented'), /dùng lại một lần xuất trình cũ/);
      await screenshot('present-refused');
      const stranger = await desks.officer.page.request.get(own + mine);
      assert.equal(stranger.status(), 404, 'what somebody has shown is not for others');
      await opened.close();
    });

    it('a lost card, and then a revoked one, is refused at once, with a fresh list and with an old one', async () => {
      const { own, desks, holder } = at();
      await holder.page.goto(own + told.mine);
      await holder.page.fill('#lost-reason', 'Mất ví ở chợ Đông Ba sáng nay');
      await holder.page.locator('button[value=lost]').click();
      await holder.page.waitForSelector('.notice.ok');
      assert.equal(await holder.page.locator('.show-qr').count(), 0, 'it is not shown any more');
      const lists = await (await fetch(`${own}/api/v1/hue/cards/status`)).json();
      assert.deepEqual(lists.status_lists, [`${own}/api/v1/hue/cards/status/0`]);
      const list = await fetch(lists.status_lists[0]);
      assert.match(list.headers.get('cache-control'), /^public, max-age=\d+$/);
      await refusedOffline(own, 'suspended');
      await desks.head.page.goto(own + told.card);
      await act(desks.head.page, 'revoke', 'Không tìm lại được thẻ');
      await desks.head.page.waitForSelector('.notice.ok');
      await refusedOffline(own, 'revoked');
    });

    /** A device that was online a moment ago, then with a list that should have been fetched anew, then with one that is over. */
    async function refusedOffline(own, outcome) {
      const { page, screenshot } = await openVerifier(world, own, look);
      assert.equal(await judge(page, told.qr), outcome, 'with network');
      await page.context().setOffline(true);
      for (const [hours, state] of [[0, 'fresh'], [2, 'stale'], [48, 'over']]) {
        await page.clock.setFixedTime(Date.now() + hours * HOUR);
        await page.reload();
        await page.waitForSelector(`#verify-fresh[data-state=${state}]`);
        assert.equal(await judge(page, told.qr), outcome, `with a list that is ${state}`);
        if (state === 'stale') await screenshot(`verify-${outcome}`);
      }
      await page.context().close();
    }
  });
}
