// Links with the national portal: what waits and why, what failed, what arrived and could not be taken, days compared.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS } from '../lib/browser.mjs';
import { account, between, firstAdministrator, send, signIn } from '../lib/desk.mjs';
import { startHouse } from '../lib/house.mjs';
import { REASON } from '../lib/people.mjs';
import { until } from '../lib/until.mjs';

const LONG_MS = 60_000;

/** A portal that takes what it is told, or refuses it in the words that it is given. */
async function startPortal() {
  const told = new Map();
  let refuse = '';
  const answers = {
    DongBoHoSoMC: ({ data }) => data.forEach((one) => told.set(one.MaHoSo, one)),
    CapNhatTienDoHoSoMC: () => {},
    TraCuuHoSo: ({ mahoso }) => ({ result: told.has(mahoso) ? [told.get(mahoso)] : [] }),
  };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const body = JSON.parse(text || '{}');
    const answer =
      refuse && body.service === 'DongBoHoSoMC'
        ? { error_code: '-5', message: refuse }
        : { error_code: '0', ...answers[body.service]?.(body) };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    told,
    refuse: (text) => (refuse = text),
    stop: () => server.close(),
  };
}

/** The key of a system with a role. */
async function systemKey(chief, own, role) {
  const form = { name: 'Cổng DVCQG', kind: 'system', role, reason: REASON };
  const opened = await send(chief.page, `${own}/hue/admin/people`, form, 303);
  const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const asked = { do: 'make', account: opened.split('/').pop(), title: 'Khoá của Cổng', expires, rate: '100', reason: REASON };
  return between(await send(chief.page, `${own}/hue/admin/keys`, asked, 200), '<code id="key">', '<');
}

function message(number, unit) {
  return {
    MaHoSo: number,
    MaTTHC: '2.000635',
    ChuHoSo: 'Lê Văn Bình',
    LoaiDoiTuong: '1',
    TrangThaiHoSo: '1',
    NgayNopHoSo: '20261120083000',
    TrichYeuHoSo: 'Xin cấp hai bản sao trích lục khai sinh',
    SoDienThoai: '0905123456',
    GhiChu: 'Nhận kết quả tại phường',
    DonViXuLy: unit,
    DinhDanhCHS: [{ LoaiDinhDanh: '1', SoDinhDanh: '046085009999' }],
    TaiLieuNop: [{ TenTepDinhKem: 'Giấy khai sinh cũ', DuongDanTaiTepTin: '' }],
  };
}

export function portal(world) {
  describe('links with the national portal', () => {
    let house;
    let there;
    before(async () => {
      there = await startPortal();
      const config = `\n[[portal.links]]\ntenant = "hue"\ncounterpart = "national-portal"\naddress = "${there.url}"\n`;
      house = await startHouse({ config });
    });
    after(async () => {
      await house?.stop();
      there?.stop();
    });

    it('say what waits, what failed and what arrived, and let people mend it', async () => {
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
      await account(chief, own, { email: 'truc@hue.gov.vn', kind: 'official', role: 'operator', unit });
      const key = await systemKey(chief, own, 'national-portal');
      const push = await fetch(`${own}/api/v1/hue/portal/national-portal/dossiers`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ data: [message('H57.20.01-261121-9001', 'H57.20.01'), message('G22-1', 'Phường Xa Lạ')] }),
      });
      assert.equal(push.status, 200, await push.clone().text());
      const clerk = await signIn(world, own, 'mot@hue.gov.vn', LOOKS[0]);
      const list = () => clerk.page.request.get(`${own}/api/v1/hue/cases`).then((answer) => answer.json());
      await until('one of them lies on the desk', LONG_MS, async () => (await list()).cases.length === 1);
      const [filed] = (await list()).cases;
      there.refuse('Mã lĩnh vực không đúng');
      const body = { action: 'accept', version: filed.version };
      const accepted = await clerk.page.request.post(`${own}/api/v1/hue/cases/${filed.id}/actions`, { data: body });
      assert.ok(accepted.ok(), await accepted.text());
      const operator = await signIn(world, own, 'truc@hue.gov.vn', LOOKS[0]);
      await until('it was refused there', LONG_MS, async () => {
        await operator.page.goto(`${own}/hue/portal`);
        return (await operator.page.locator('#failed-title').count()) === 1;
      });
      for (const look of LOOKS) {
        const seen = await signIn(world, own, 'truc@hue.gov.vn', look);
        await seen.page.goto(`${own}/hue/portal`);
        const text = await seen.page.textContent('main');
        assert.match(text, /Mã lĩnh vực không đúng/);
        assert.match(text, /Phường Xa Lạ/);
        assert.doesNotMatch(text, /Lê Văn Bình/, 'lists tell of nobody');
        await assertAccessible(seen.page);
        await seen.screenshot('portal');
        await seen.close();
        const desk = await signIn(world, own, 'mot@hue.gov.vn', look);
        await desk.page.goto(`${own}/hue/cases/${filed.id}`);
        await desk.page.locator('.links a').last().click();
        assert.match(await desk.page.textContent('main'), /Xin cấp hai bản sao trích lục khai sinh/);
        await assertAccessible(desk.page);
        await desk.screenshot('portal-arrival');
        await desk.close();
      }
      const { page } = operator;
      // The code that nobody knew is explained, and the dossier arrives.
      await page.goto(`${own}/hue/portal`);
      await page.locator('input[name=means]').fill('H57.20.01');
      await page.locator('button[value=map]').click();
      await page.waitForSelector('.notice.ok');
      await until('the other has arrived too', LONG_MS, async () => (await list()).cases.length === 2);
      // What was refused is sent again.
      there.refuse('');
      await page.goto(`${own}/hue/portal`);
      const failed = page.locator('#failed-title ~ ul > li', { hasText: 'H57.20.01-261121-9001' });
      await failed.locator('button[value=again]').click();
      await page.waitForSelector('.notice.ok');
      await until('the portal has it', LONG_MS, () => there.told.has('H57.20.01-261121-9001'));
      await until('nothing has failed any more', LONG_MS, async () => {
        await page.goto(`${own}/hue/portal`);
        // The one that arrived later may have been refused as well, before the portal took anything.
        const later = page.locator('#failed-title ~ ul > li', { hasText: 'G22-1' }).locator('button[value=again]');
        if (await later.count()) await later.click();
        return (await page.locator('#failed-title').count()) === 0;
      });
      // A day is compared; what differs is told again.
      there.told.get('H57.20.01-261121-9001').TrangThaiHoSo = '9';
      await page.locator('button[value=compare]').click();
      await page.waitForSelector('.notice.ok');
      assert.match(await page.textContent('.notice.ok'), /1 hồ sơ chênh lệch/);
      await page.locator('details.fold > summary').first().click();
      await assertAccessible(page);
      await operator.screenshot('portal-day');
      await page.locator('button[value=mend]').click();
      await page.waitForSelector('.notice.ok');
      await until('it stands there as here', LONG_MS, () => there.told.get('H57.20.01-261121-9001').TrangThaiHoSo === '2');
      await clerk.page.goto(`${own}/hue/cases/${filed.id}`);
      assert.match(await clerk.page.textContent('main'), /Đã đồng bộ lúc/);
      for (const one of [chief, clerk, operator]) await one.close();
    });
  });
}
