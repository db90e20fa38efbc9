// What e-cards are used for: a second factor where an administrator allows it, and the proof of an exemption of a fee; each shown
// from a wallet written with other people's libraries, and each refused where it must be.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS } from '../lib/browser.mjs';
import { REASON, UNIT, act, path, proposeCard, startCardHouse } from '../lib/cards.mjs';
import { send as sendForm } from '../lib/desk.mjs';
import { askForCopies, send } from '../lib/dossiers.mjs';
import { PASSWORD, newcomer, soundInEveryLook } from '../lib/people.mjs';
import { fetchCard, makeWallet, present, requestOf } from '../lib/wallets.mjs';

const NEXT = '/hue/my-cards';

/** Hands the card on whose page its holder is to a wallet. */
async function intoWallet(page, wallet, unit) {
  await page.locator('button[value=offer]').click();
  const offer = JSON.parse(new URL(await page.getAttribute('#offer', 'href')).searchParams.get('credential_offer'));
  return fetchCard(wallet, offer, unit);
}

/** Answers the question on whose page somebody is; the status that the house gives to the wallet. */
async function answer(page, wallet, credential) {
  const request = requestOf(await page.getAttribute('#wallet', 'href'));
  const body = await present(wallet, credential, request);
  const post = () => fetch(request.response_uri, { method: 'POST', body });
  return { status: (await post()).status, again: post };
}

/** From the account with the password to the page with the code for the wallet. */
async function beginStepUp(page, own) {
  // From somewhere else: to the same address with another place on it no page is loaded.
  await page.goto(own + NEXT);
  await page.goto(`${own}/hue/account?next=${encodeURIComponent(NEXT)}#step-up`);
  // Whoever has stepped up lately is not asked again, and may all the same.
  const front = (await page.locator('#again-password').count()) ? 'again' : 'step';
  if (front === 'step') await page.locator('details:has(#step-password) > summary').click();
  await page.fill(`#${front}-password`, PASSWORD);
  await page.locator(`form:has(#${front}-password) button[value=card-ask]`).click();
  await page.waitForURL(/\/presentations\/./);
}

export function cardUses(world) {
  describe('uses of cards', { concurrency: false }, () => {
    let house, own, chief, officer, head;
    const told = {};
    before(async () => {
      house = await startCardHouse(world);
      own = house.url;
      [chief, officer, head] = [house.chief.page, house.desks.officer.page, house.desks.head.page];
    });
    after(() => house?.stop());

    it("one's own card is a second factor once an administrator allows it, with a reason", async () => {
      const holder = house.desks.desktop.page;
      told.card = await proposeCard(officer, own, { name: /Thảo/, personalId: '046184001234' });
      await head.goto(own + told.card);
      await act(head, 'approve', 'Đủ điều kiện, đồng ý cấp');
      await holder.goto(`${own}/hue/my-cards`);
      await holder.locator('.papers a').first().click();
      told.wallet = await makeWallet();
      told.credential = await intoWallet(holder, told.wallet, UNIT);
      await holder.goto(`${own}/hue/account?next=${encodeURIComponent(NEXT)}`);
      assert.equal(await holder.locator('button[value=card-ask]').count(), 0, 'nobody has allowed it yet');
      await chief.goto(`${own}/hue/admin/step-up`);
      await sendForm(chief, `${own}/hue/admin/step-up`, { do: 'allow', reason: 'x' }, 422);
      await chief.fill('#reason', REASON);
      await chief.locator('button[value=allow]').click();
      await chief.waitForSelector('.notice.ok');
      assert.match(await chief.textContent('main'), /Quyết định 12\/QĐ-SNV/, 'the reason is shown');

      await beginStepUp(holder, own);
      await assertAccessible(holder, 'a card as a second factor');
      const sent = await answer(holder, told.wallet, told.credential);
      assert.equal(sent.status, 200);
      await holder.waitForSelector('#presented[data-outcome=valid]');
      assert.equal((await sent.again()).status, 400, 'it is good once');
      const state = path(holder).split('/').pop();
      await holder.locator('button[value=card-step-up]').click();
      await holder.waitForURL(/\/my-cards$/);
      await holder.goto(`${own}/hue/account`);
      assert.match(await holder.textContent('main'), /Đã xác thực trong 10 phút qua/);
      const replayed = await sendForm(holder, `${own}/hue/account`, { do: 'card-step-up', state }, 422);
      assert.match(replayed, /đã được dùng hoặc đã quá hạn/);
      await soundInEveryLook(world, own, chief, { 'step-up': '/hue/admin/step-up' }, 'admin');
    });

    it('a card of somebody else, and one that was suspended, are refused and say why', async () => {
      const stranger = house.desks.phone.page;
      await beginStepUp(stranger, own);
      assert.equal((await answer(stranger, told.wallet, told.credential)).status, 200);
      await stranger.locator('button[value=card-step-up]').click();
      await stranger.waitForSelector('.notice.danger');
      assert.match(await stranger.textContent('.notice.danger'), /thẻ của người khác/);
      await head.goto(own + told.card);
      await act(head, 'suspend', 'Tạm khoá để kiểm tra');
      const holder = house.desks.desktop.page;
      await beginStepUp(holder, own);
      await answer(holder, told.wallet, told.credential);
      await holder.waitForSelector('#presented[data-outcome=suspended]');
      assert.equal(await holder.locator('button[value=card-step-up]').count(), 0);
    });

    it('a pilot card proves why a fee is not asked, at the desk of whoever takes the dossier', async () => {
      const person = { name: 'Phan Thị An', email: 'an@example.vn', kind: 'citizen' };
      const citizen = await newcomer(world, own, chief, person, LOOKS[0], { javaScript: true });
      const an = citizen.page;
      const known = new URL(chief.url()).pathname;
      await sendForm(chief, own + known, { do: 'prove', 'seen-identity': '1', reason: REASON }, 200);
      const desk = { name: 'Đỗ Thị Cửa', email: 'cua@hue.gov.vn', kind: 'official', role: 'one-stop-officer', unit: UNIT };
      const clerk = await newcomer(world, own, chief, desk, LOOKS[0], { javaScript: true });

      await an.goto(`${own}/hue/my-cards`);
      await an.fill('#reason', 'Dùng khi làm thủ tục tại bộ phận một cửa');
      await an.locator('form.slip button').first().click();
      await an.waitForSelector('.notice.ok');
      await officer.goto(`${own}/hue/cards?state=proposed`);
      await officer.locator('main a[href*="/cards/urn"]').first().click();
      await act(officer, 'approve', 'Đã đối chiếu căn cước');
      const until = new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10);
      await officer.locator('details:has(#benefit-form) > summary').click();
      await officer.selectOption('#benefit', 'poor-household');
      await officer.fill('#benefit-proof', 'Giấy chứng nhận hộ nghèo số 12/2026');
      await officer.fill('#benefit-until', until);
      await officer.fill('#benefit-reason', REASON);
      await officer.locator('button[value=entitle]').click();
      await officer.waitForSelector('#benefits-title');
      await assertAccessible(officer, 'a card with a benefit');

      await an.goto(`${own}/hue/my-cards`);
      await an.locator('.papers a').first().click();
      assert.match(await an.textContent('main'), /Người thuộc hộ nghèo/);
      const wallet = await makeWallet();
      const credential = await intoWallet(an, wallet, undefined);
      await an.goto(`${own}/hue/file/civil-status-copy`);
      await an.selectOption('#filing-unit', { label: UNIT });
      await askForCopies(an);
      await send(an);
      await an.locator('main .actions a[href$="#exemption"]').click();
      const paper = path(an);
      assert.match(await an.textContent('#exemption'), /281\/2016\/TT-BTC/);
      await assertAccessible(an, 'a dossier whose fee a card may lower');

      const counter = clerk.page;
      await counter.goto(own + paper);
      await counter.locator('#exemption button').click();
      await counter.waitForURL(/\/presentations\/./);
      // An official's card says nothing of the kind: the wallet's answer is refused.
      assert.equal((await answer(counter, told.wallet, told.credential).catch(() => ({ status: 400 }))).status, 400);
      await counter.goto(own + paper);
      await counter.locator('#exemption button').click();
      await counter.waitForURL(/\/presentations\/./);
      assert.equal((await answer(counter, wallet, credential)).status, 200);
      await counter.waitForSelector('#presented[data-outcome=valid]');
      assert.match(await counter.textContent('#presented'), /Người thuộc hộ nghèo/);
      await counter.locator('button[value=prove]').click();
      await counter.waitForSelector('.notice.ok');
      const said = await counter.textContent('main');
      assert.match(said, /Giảm 16\.000 đồng theo 281\/2016\/TT-BTC; Thẻ cá nhân.* số \d{6}/);
      assert.match(said, /Xuất trình thẻ chứng minh diện miễn, giảm/);
      assert.equal(await counter.locator('#exemption').count(), 0, 'nothing is left to be lowered');
      await assertAccessible(counter, 'a dossier whose fee a card has lowered');
      await officer.goto(`${own}/hue/cards/standing`);
      const uses = await officer.locator('[aria-labelledby=uses-title] tbody tr').first().locator('td').allTextContents();
      assert.deepEqual(uses.slice(1), ['1', '1', '0'], `second factors, exemptions, check-ins: ${uses}`);
      await citizen.close();
      await clerk.close();
    });
  });
}
