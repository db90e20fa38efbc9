// Papers that hold: forms as PDF, a result that is numbered and issued, and whoever holds it finds out on their phone whether it
// is genuine, altered, replaced or revoked; the register, many papers in one file, and a template that is being written.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { act, askForCopies, fromQueue, send } from '../lib/dossiers.mjs';
import { startHouse } from '../lib/house.mjs';
import { makeUnit, newcomer, setUp, showFactor } from '../lib/people.mjs';

const WARD = 'UBND phường Thuận Hoá';
const KIND = 'civil-status-copy';
/** Desktop and phone, both in Vietnamese. */
const SIZES = [LOOKS[0], LOOKS[3]];
const run = promisify(execFile);

/** A file that a page offers, by its address, as whoever is signed in gets it. */
async function fetched(page, address, kind = 'application/pdf') {
  const reply = await page.context().request.get(address);
  assert.equal(reply.status(), 200, address);
  assert.match(reply.headers()['content-type'], new RegExp(kind.replaceAll('.', '\\.')));
  return reply.body();
}

/** The text of a PDF, if poppler is here to read it. */
async function text(pdf) {
  const folder = await mkdtemp(join(tmpdir(), 'dinh-pdf-'));
  const file = join(folder, 'paper.pdf');
  await writeFile(file, pdf);
  const read = await run('pdftotext', ['-layout', file, '-']).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
    console.error('SKIPPED: reading the text of PDFs needs pdftotext (poppler-utils)');
    return null;
  });
  await rm(folder, { recursive: true });
  return read?.stdout.replaceAll(/\s+/g, ' ') ?? null;
}

const path = (page) => new URL(page.url()).pathname;

export function papers(world) {
  describe('papers', () => {
    let house;
    let chief;
    const at = {};
    before(async () => {
      house = await startHouse();
      chief = await openPage(world.browser, house.url, LOOKS[0], { javaScript: false });
      await setUp(chief.page, house.url, house.code);
      await chief.page.goto(`${house.url}/hue/admin/units`);
      await showFactor(chief.page);
      await makeUnit(chief.page, house.url, WARD, 'H57.20.01');
      const official = (name, email, role) => ({ name, email, kind: 'official', role, unit: WARD });
      const people = {
        clerk: official('Hồ Thị Một', 'mot@hue.gov.vn', 'one-stop-officer'),
        handler: official('Lê Văn Hai', 'hai@hue.gov.vn', 'officer'),
        leader: official('Ngô Thị Ba', 'ba@hue.gov.vn', 'unit-leader'),
        records: official('Đỗ Thị Bảy', 'bay@hue.gov.vn', 'clerk'),
        citizen: { name: 'Phan Thị An', email: 'an@example.vn', kind: 'citizen' },
      };
      for (const [who, person] of Object.entries(people)) {
        at[who] = await newcomer(world, house.url, chief.page, person, LOOKS[0]);
      }
    });
    after(async () => {
      for (const one of [chief, ...Object.values(at)]) await one?.close();
      await house?.stop();
    });
    for (const look of SIZES) journeys(world, look, () => ({ own: house.url, at }));
  });
}

function journeys(world, look, around) {
  describe(look.name, () => {
    const told = {};

    /** Somebody who is signed in already, on a screen of this size. */
    async function as(who) {
      const { own, at } = around();
      const opened = await openPage(world.browser, own, look);
      const cookies = (await at[who].page.context().cookies()).filter(({ name }) => name.includes('dinh'));
      await opened.page.context().addCookies(cookies);
      opened.page.setDefaultTimeout(20_000);
      return opened;
    }

    /** Scripts must run in it: axe waits for promises. */
    async function seen(opened, name) {
      const overflow = await opened.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the screen`);
      await assertAccessible(opened.page, `${name} (${look.name})`);
      await opened.screenshot(`papers-${name.replaceAll(' ', '-')}`);
    }

    it('from a form at home to a result in the locker', async () => {
      const { own, at } = around();
      const home = await as('citizen');
      const { page } = home;
      await page.goto(`${own}/hue/file/${KIND}`);
      await page.selectOption('#filing-unit', { label: WARD });
      await askForCopies(page);
      await send(page);
      told.secret = /[A-Z2-9]{10}/.exec(await page.textContent('.receipt'))[0];
      await page.locator('main .actions a').first().click();
      told.dossier = path(page);
      for (const [who, action] of [['clerk', 'accept'], ['handler', 'start'], ['handler', 'submit'], ['leader', 'approve']]) {
        await at[who].page.goto(own + told.dossier);
        await act(at[who].page, action);
      }
      told.number = (await at.leader.page.locator('main p.quiet.num').first().textContent()).trim();
      await page.goto(own + told.dossier);
      assert.match(await page.textContent('main'), /chờ lấy số, phát hành/);
      await page.goto(`${own}/hue/my-documents`);
      const before = await page.locator('.papers li').count();

      const desk = await as('records');
      await fromQueue(desk.page, own, told.number);
      await act(desk.page, 'register');
      await seen(desk, 'a case that was numbered');
      await page.goto(`${own}/hue/my-documents`);
      assert.equal(await page.locator('.papers li').count(), before, 'what has a number only is nobody\'s yet');
      await act(desk.page, 'issue-on-paper');
      await desk.page.locator('section[aria-labelledby="issued-title"] a').first().click();
      await seen(desk, 'a document');
      told.document = path(desk.page);
      await desk.page.goto(`${own}/hue/issued`);
      await seen(desk, 'documents of a unit');
      const printing = desk.page.locator('button[formaction$="/issued/print"]');
      await printing.click();
      await desk.page.waitForSelector('.notice.danger');
      await seen(desk, 'nothing picked to print');
      assert.match(desk.troubles.splice(0).join(), /422/);
      await desk.page.goto(`${own}/hue/issued`);
      await desk.page.locator('input[name="id"]').first().check();
      await desk.page.locator('input[name="sides"]').check();
      const picked = await desk.page.locator('main form').evaluate((form) => new URLSearchParams(new FormData(form)).toString());
      const printed = await text(await fetched(desk.page, `${own}/hue/issued/print?${picked}`));
      assert.ok(printed === null || printed.includes('Mã kiểm tra'), 'what is printed is the document');
      await desk.close();

      await page.goto(`${own}/hue/my-documents`);
      assert.equal(await page.locator('.papers li').count(), before + 1);
      await seen(home, 'the locker');
      const address = await page.locator('.papers li a[type="application/pdf"]').first().getAttribute('href');
      told.pdf = await fetched(page, new URL(address, own).href);
      assert.equal(told.pdf.subarray(0, 8).toString(), '%PDF-1.7');
      const says = await text(told.pdf);
      if (says) {
        for (const wanted of ['CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', 'Phan Thị An', '/TL-BS', 'Mã kiểm tra']) {
          assert.ok(says.includes(wanted), `${wanted} is not in ${says}`);
        }
        told.code = /[A-Z2-9]{4}(-[A-Z2-9]{4}){3}/.exec(says)[0];
      }
      await home.close();
    });

    it('whoever holds it checks it without an account, with scripts and without', async () => {
      const { own } = around();
      for (const javaScript of [true, false]) {
        const stranger = await openPage(world.browser, own, look, { javaScript });
        const { page } = stranger;
        const sent = [];
        // What the browser says that it sends: bodies with files are not shown to whoever watches.
        page.on('request', async (request) => sent.push(Number((await request.allHeaders())['content-length'] ?? 0)));
        await page.goto(`${own}/hue/check`);
        if (javaScript) await seen(stranger, 'the page for checking');
        const file = (name, buffer) => ({ name, mimeType: 'application/pdf', buffer });
        const shown = async (given) => {
          await page.setInputFiles('#file', given);
          await page.locator('form:has(#file) button').click();
          await page.waitForLoadState('load');
        };
        await shown(file('giay.pdf', told.pdf));
        await page.waitForSelector('.check-found');
        const says = await page.textContent('.check-found');
        assert.match(says, /Đang có hiệu lực/);
        assert.match(says, /Đúng là bản đã phát hành/);
        assert.match(says, /ký tay và đóng dấu/);
        assert.match(says, /UBND phường Thuận Hoá/);
        assert.doesNotMatch(says, /Phan|An\b/, 'nothing that it says is told');
        assert.equal(sent.some((length) => length > told.pdf.length / 2), !javaScript, 'with scripts the file stays where it is');
        if (javaScript) await seen(stranger, 'a genuine file');
        const altered = Buffer.from(told.pdf);
        altered[altered.length - 200] ^= 1;
        await page.goto(`${own}/hue/check`);
        await shown(file('giay.pdf', altered));
        await page.waitForSelector('.notice.danger');
        assert.match(await page.textContent('.notice.danger'), /không trùng với giấy tờ nào/);
        if (told.code) {
          await page.fill('#code', told.code.toLowerCase().replaceAll('-', ' '));
          await page.locator('form:has(#code) button').click();
          await page.waitForSelector('.check-found');
          await shown(file('giay.pdf', altered));
          await page.waitForSelector('.check-found h3');
          assert.match(await page.textContent('.check-found'), /Không phải bản đã phát hành/);
          if (javaScript) await seen(stranger, 'an altered file');
        }
        await stranger.close();
      }
    });

    it('what is replaced leads to what replaced it, and what is revoked says so', async () => {
      const { own } = around();
      const chair = await as('leader');
      const { page } = chair;
      await page.goto(own + told.document);
      await page.fill('#reason', 'Sai ngày sinh của người được cấp');
      await page.locator('button[value=replace]').click();
      await page.waitForSelector('.links-line a');
      const fresh = path(page);
      assert.notEqual(fresh, told.document);
      await seen(chair, 'a replacement that waits to be signed');
      await page.goto(own + told.document);
      assert.match(await page.textContent('main .paper-line'), /Đang có hiệu lực/, 'the old one holds until the new one is signed');
      const desk = await as('records');
      await desk.page.goto(own + fresh);
      await desk.page.locator('button[value=release]').click();
      await desk.page.waitForSelector('.notice.danger');
      assert.match(await desk.page.textContent('.notice.danger'), /chờ chữ ký của người có thẩm quyền/);
      await desk.page.locator('button[value=release-on-paper]').click();
      await desk.page.waitForSelector('button[value=revoke]');
      desk.troubles.splice(0, desk.troubles.length, ...desk.troubles.filter((one) => !/409/.test(one)));
      await desk.close();
      await page.goto(own + told.document);
      assert.match(await page.textContent('main .paper-line'), /Đã được thay thế/);
      const check = await page.locator('dd a[href*="/check/"]').getAttribute('href');
      const stranger = await openPage(world.browser, own, look);
      await stranger.page.goto(new URL(check, own).href);
      assert.match(await stranger.page.textContent('.check-found'), /đã được thay bằng giấy tờ khác/);
      await seen(stranger, 'a replaced document');
      await stranger.page.locator('.check-found a.button').click();
      assert.match(await stranger.page.textContent('.check-found'), /Đang có hiệu lực/);
      await page.goto(own + fresh);
      await page.fill('#reason', 'Cấp không đúng đối tượng');
      await page.locator('button[value=revoke]').click();
      await page.waitForLoadState('load');
      assert.match(await page.textContent('main .paper-line'), /Đã bị thu hồi/);
      await stranger.page.reload();
      assert.match(await stranger.page.textContent('.check-found'), /đã bị cơ quan ban hành thu hồi/);
      await seen(stranger, 'a revoked document');
      await stranger.close();
      await chair.close();
    });

    it('forms as PDF, many in one file, the register, and the receipt once more', async () => {
      const { own } = around();
      const desk = await as('clerk');
      const { page } = desk;
      await page.goto(own + told.dossier);
      const forms = await page.locator('section[aria-labelledby="prints-title"] a[type="application/pdf"]').all();
      assert.ok(forms.length >= 2, 'a receipt and the slip that controls the process');
      for (const form of forms) {
        const says = await text(await fetched(page, new URL(await form.getAttribute('href'), own).href));
        if (says) assert.ok(says.includes(told.number) && says.includes('Mã kiểm tra'), says);
      }
      await page.goto(`${own}/hue/work`);
      await page.goto(`${own}/hue/register`);
      await seen(desk, 'the register');
      const unit = await page.locator('#unit').inputValue();
      const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
      const asked = `unit=${encodeURIComponent(unit)}&from=${today.slice(0, 8)}01&to=${today}`;
      const register = await text(await fetched(page, `${own}/hue/register?${asked}&as=pdf`));
      if (register) assert.ok(register.includes(told.number) && register.includes('Phan Thị An'), register);
      const book = await fetched(page, `${own}/hue/register?${asked}&as=xlsx`, 'spreadsheetml.sheet');
      assert.equal(book.subarray(0, 2).toString(), 'PK');
      const wide = await page.context().request.get(`${own}/hue/register?unit=${encodeURIComponent(unit)}&from=2020-01-01&to=${today}&as=pdf`);
      assert.equal(wide.status(), 422);
      const id = decodeURIComponent(told.dossier.split('/').at(-1));
      const many = await page.context().request.post(`${own}/hue/work/print`, {
        headers: { origin: own },
        form: { form: 'receipt', case: `1 ${id}` },
      });
      assert.equal(many.status(), 200, await many.text());
      const receipts = await text(await many.body());
      if (receipts) assert.ok(receipts.includes(told.number), receipts);
      await desk.close();
      const stranger = await openPage(world.browser, own, look, { javaScript: false });
      await stranger.page.goto(`${own}/hue/follow`);
      await stranger.page.fill('#number', told.number);
      await stranger.page.fill('#secret', told.secret);
      await stranger.page.locator('form:has(#secret) button').click();
      await stranger.page.waitForSelector('form[action="follow/receipt"]');
      const again = await stranger.page.context().request.post(`${own}/hue/follow/receipt`, {
        headers: { origin: own },
        form: { number: told.number, secret: told.secret },
      });
      assert.equal(again.status(), 200);
      const says = await text(await again.body());
      if (says) assert.ok(says.includes(told.number) && !says.includes('Phan Thị An'), says);
      await stranger.close();
    });

    it('a template is tried while it is written, and what is wrong is told with its line', async () => {
      const { own } = around();
      const chair = await as('leader');
      const { page } = chair;
      await page.goto(`${own}/hue/kinds/${KIND}/1`);
      await page.locator('section[aria-labelledby="results-title"] a').first().click();
      await page.waitForSelector('#text');
      await page.locator('button[value=check]').click();
      await page.waitForSelector('.notice.ok');
      await page.fill('#text', '#import "/official.typ": *\n#let paper(d) = [\n  #d.nothing\n]\n');
      await page.locator('button[value=check]').click();
      await page.waitForSelector('.notice.danger');
      assert.match(await page.textContent('.notice.danger'), /civil-status-extract\.typ, dòng 3/);
      await seen(chair, 'a template that is wrong');
      assert.ok(chair.troubles.every((one) => one.includes('422')), 'what is wrong is told as such');
      chair.troubles.length = 0;
      await chair.close();
    });
  });
}
