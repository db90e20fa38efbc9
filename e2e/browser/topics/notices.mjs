// What could not be told to an applicant: seen by an official with the reason, on a desk and on a telephone, in both
// languages, and sent again.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS } from '../lib/browser.mjs';
import { account, firstAdministrator, send, signIn } from '../lib/desk.mjs';
import { startHouse } from '../lib/house.mjs';
import { REASON } from '../lib/people.mjs';
import { until } from '../lib/until.mjs';

const SERVER = new URL('../../mail/server.py', import.meta.url).pathname;
const LONG_MS = 60_000;

const ANSWERS = {
  requester: {
    name: 'Nguyễn Thị Hoa',
    birthDate: '1992-05-14',
    personalId: '046192001234',
    address: { province: 'Thành phố Huế', commune: 'Phường Phú Xuân', detail: '12 Lê Lợi' },
  },
  relation: 'self',
  event: 'birth',
  subject: { name: 'Nguyễn Thị Hoa', birthDate: '1992-05-14' },
  registeredAt: 'UBND xã Thuỷ Thanh',
  copies: 2,
  exempt: false,
  pledge: true,
};

/** The real mail server of the tests: its port, and the letters that it has taken. */
async function startMail() {
  const child = spawn('/usr/bin/python3', [SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const lines = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await until('the mail server is there', LONG_MS, () => lines.length > 0);
  return { port: Number(lines[0]), letters: () => lines.slice(1).map(JSON.parse), stop: () => child.kill() };
}

/** Asks the API in the name of whoever is signed in. */
async function api(page, own, path, data) {
  const url = `${own}/api/v1/hue/cases${path}`;
  const answer = data ? await page.request.post(url, { data }) : await page.request.get(url);
  assert.ok(answer.ok(), `${path}: ${await answer.text()}`);
  return answer.json();
}

export function notices(world) {
  describe('notices to applicants', () => {
    let house;
    let mail;
    before(async () => {
      mail = await startMail();
      const config = `\n[notices.smtp]\nhost = "127.0.0.1"\nport = ${mail.port}\nsecurity = "none"\nfrom = "motcua@hue.gov.vn"\n`;
      house = await startHouse({ config });
    });
    after(async () => {
      await house?.stop();
      mail?.stop();
    });

    it('that cannot be sent are shown with the reason, and are sent again', async () => {
      const own = house.url;
      const chief = await firstAdministrator(world, own, house.code);
      const made = await send(
        chief.page,
        `${own}/hue/admin/units`,
        { name: 'UBND phường Thuận Hoá', code: 'H57.20.01', reason: REASON },
        303,
      );
      const unit = decodeURIComponent(made.split('/').pop());
      await account(chief, own, { email: 'mot@hue.gov.vn', kind: 'official', role: 'one-stop-officer', unit });
      await account(chief, own, { email: 'hoa@example.vn', kind: 'citizen', role: '' });
      const citizen = await signIn(world, own, 'hoa@example.vn', LOOKS[3]);
      const clerk = await signIn(world, own, 'mot@hue.gov.vn', LOOKS[0]);
      for (const email of ['nobody@example.vn', 'hoa@example.vn']) {
        const applicant = { name: 'Nguyễn Thị Hoa', email };
        const filing = { kind: 'civil-status-copy', receiving: unit, answers: ANSWERS, applicant };
        const { case: filed } = await api(citizen.page, own, '', filing);
        await api(clerk.page, own, `/${filed.id}/actions`, { action: 'accept', version: filed.version });
      }
      await until('a letter has come', LONG_MS, () => mail.letters().length > 0);
      await until('the other could not be sent', LONG_MS, async () => {
        await clerk.page.goto(`${own}/hue/notices`);
        return (await clerk.page.locator('.untold li').count()) === 1;
      });
      for (const look of LOOKS) {
        const seen = await signIn(world, own, 'mot@hue.gov.vn', look);
        await seen.page.goto(`${own}/hue/notices`);
        assert.match(await seen.page.textContent('.untold'), /there is no such mailbox/);
        assert.doesNotMatch(await seen.page.textContent('main'), /nobody@/, 'no address is told');
        await assertAccessible(seen.page);
        await seen.screenshot('notices');
        await seen.page.locator('.untold a').first().click();
        const warned = look.lang === 'vi' ? /Chưa báo được cho người nộp/ : /The applicant could not be told/;
        assert.match(await seen.page.textContent('#untold-title'), warned);
        await assertAccessible(seen.page);
        await seen.screenshot('notices-case');
        await seen.close();
      }
      const { page } = clerk;
      await page.goto(`${own}/hue/`);
      assert.match(await page.textContent('.health'), /1 thông báo không gửi được/);
      await page.goto(`${own}/hue/notices`);
      await page.locator('.untold button').click();
      assert.match(await page.textContent('.notice.ok'), /sẽ được gửi lại/);
      await until('it was tried again', LONG_MS, async () => {
        await page.goto(`${own}/hue/notices`);
        return (await page.locator('.untold li').count()) === 1;
      });
      assert.doesNotMatch(await citizen.page.request.get(`${own}/hue/my-cases`).then((r) => r.text()), /mailbox/);
      for (const one of [chief, citizen, clerk]) await one.close();
    });
  });
}
