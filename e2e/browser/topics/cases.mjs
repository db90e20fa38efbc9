// A dossier from the first page to the last: filed at home, received at the one-stop desk, handled, decided, handed over,
// followed with the code of the receipt and counted on the board; a second one at the counter, without scripts.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { act, askForCopies, fromQueue, send } from '../lib/dossiers.mjs';
import { startHouse } from '../lib/house.mjs';
import { makeUnit, newcomer, setUp, showFactor, soundInEveryLook } from '../lib/people.mjs';

const KIND = 'civil-status-copy';

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
      await setUp(chief.page, own, house.code);
      await chief.page.goto(`${own}/hue/admin/units`);
      await showFactor(chief.page);
      const ward = 'UBND phường Thuận Hoá';
      await makeUnit(chief.page, own, ward, 'H57.20.01');
      const official = (name, email, role) => ({ name, email, kind: 'official', role, unit: ward });
      const people = {
        clerk: official('Hồ Thị Một', 'mot@hue.gov.vn', 'one-stop-officer'),
        handler: official('Lê Văn Hai', 'hai@hue.gov.vn', 'officer'),
        leader: official('Ngô Thị Ba', 'ba@hue.gov.vn', 'unit-leader'),
        records: official('Đỗ Thị Bảy', 'bay@hue.gov.vn', 'clerk'),
        citizen: { name: 'Phan Thị An', email: 'an@example.vn', kind: 'citizen' },
      };
      const at = {};
      for (const [who, person] of Object.entries(people)) {
        at[who] = await newcomer(world, own, chief.page, person, who === 'citizen' ? LOOKS[3] : LOOKS[0]);
      }

      const { page: home } = at.citizen;
      await home.goto(`${own}/hue/file/${KIND}`);
      await home.selectOption('#filing-unit', { label: ward });
      await askForCopies(home);
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
      await fromQueue(at.records.page, own, number);
      await act(at.records.page, 'issue-on-paper');
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
      await askForCopies(desk);
      await send(desk);
      assert.match(await desk.textContent('.receipt'), /-0002/);

      await chair.goto(`${own}/hue/board`);
      assert.match(await chair.textContent('.figures'), /100/, 'all that ended, ended on time');
      await soundInEveryLook(world, own, chair, { board: '/hue/board', work: '/hue/work', kinds: '/hue/kinds', kind: `/hue/kinds/${KIND}/1`, case: paper }, 'cases');
      await soundInEveryLook(world, own, home, { mine: '/hue/my-cases', documents: '/hue/my-documents', filing: `/hue/file/${KIND}`, own: paper, follow: '/hue/follow' }, 'cases');
      for (const one of [stranger, chief, ...Object.values(at)]) await one.close();
    });
  });
}
