// Signatures: keys that are made and certified, documents that are signed by whoever decides, sealed and issued by the records
// clerk, from the case and many at a time, and what whoever holds them finds out. In every look.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pdfsig, startAuthority } from '../lib/authority.mjs';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { act, askForCopies, send } from '../lib/dossiers.mjs';
import { startHouse } from '../lib/house.mjs';
import { makeUnit, newcomer, setUp, showFactor, soundInEveryLook } from '../lib/people.mjs';

const WARD = 'UBND phường Thuận Hoá';
const KIND = 'civil-status-copy';
/** One for each look, and one more for a batch. */
const DOSSIERS = LOOKS.length + 1;

/** A picture of a seal: red, two points wide and high. */
const SEAL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAEUlEQVR4nGM4wcDwH4QZYAwAPsQHHeS7nmkAAAAASUVORK5CYII=', 'base64');

const path = (page) => new URL(page.url()).pathname;

export function signatures(world) {
  describe('signatures', () => {
    let authority;
    let house;
    let chief;
    const at = {};
    before(async () => {
      authority = await startAuthority();
      house = await startHouse({ config: authority.config });
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
        at[who] = await newcomer(world, house.url, chief.page, person, LOOKS[0], { javaScript: who === 'citizen' });
      }
      for (const who of ['leader', 'records']) {
        await at[who].page.goto(`${house.url}/hue/account`);
        await showFactor(at[who].page);
      }
    });
    after(async () => {
      for (const one of [chief, ...Object.values(at)]) await one?.close();
      await house?.stop();
      await authority?.stop();
    });

    it('keys are made, asked for and certified', async () => {
      const { page } = chief;
      for (const [title, purpose, holder] of [
        ['Chữ ký của chủ tịch', 'personal', 'Ngô Thị Ba'],
        ['Con dấu UBND phường', 'seal', 'Đỗ Thị Bảy'],
      ]) {
        await page.goto(`${house.url}/hue/admin/signing`);
        await page.locator('details.fold > summary').first().click();
        await page.fill('#title', title);
        await page.selectOption('#purpose', purpose);
        await page.selectOption('#holder', { label: holder });
        await page.selectOption('#unit', { label: WARD });
        await page.fill('#name', purpose === 'seal' ? WARD : holder);
        await page.locator('button[value=make]').click();
        await page.waitForSelector('.notice.ok');
        const asked = await page.locator('a[href$="/request"]').first().getAttribute('href');
        const reply = await page.context().request.get(new URL(asked, house.url).href);
        const certificate = await authority.certify(await reply.body());
        const fold = page.locator('details:has(input[name=certificate]) > summary').first();
        await fold.click();
        await page.locator('input[name=certificate]').first().setInputFiles({ name: 'cert.pem', mimeType: 'application/x-pem-file', buffer: certificate });
        await page.locator('form:has(input[name=certificate]) button').first().click();
        await page.waitForSelector('.notice.ok');
      }
      const upload = async (buffer) => {
        await page.locator('details:has(#picture) > summary').click();
        await page.selectOption('#picture-unit', { label: WARD });
        await page.setInputFiles('#picture', { name: 'dau.png', mimeType: 'image/png', buffer });
        await page.locator('form:has(#picture) button').click();
        await page.waitForSelector('.notice.ok, .notice.danger');
      };
      await upload(Buffer.from('no picture'));
      assert.equal(await page.locator('.notice.danger').count(), 1);
      await page.goto(`${house.url}/hue/admin/signing`);
      await upload(SEAL);
      assert.match(await page.getAttribute('.seal-pictures img', 'alt'), new RegExp(WARD));
      await soundInEveryLook(world, house.url, page, { keys: '/hue/admin/signing' }, 'signatures');
      chief.troubles.splice(0, chief.troubles.length, ...chief.troubles.filter((one) => !/422/.test(one)));
    });

    it('documents get their numbers', async () => {
      const { page } = at.citizen;
      for (let one = 0; one < DOSSIERS; one += 1) {
        await page.goto(`${house.url}/hue/file/${KIND}`);
        await page.selectOption('#filing-unit', { label: WARD });
        await askForCopies(page);
        await send(page);
        await page.locator('main .actions a').first().click();
        const dossier = path(page);
        for (const [who, action] of [['clerk', 'accept'], ['handler', 'start'], ['handler', 'submit'], ['leader', 'approve'], ['records', 'register']]) {
          await at[who].page.goto(house.url + dossier);
          await act(at[who].page, action);
        }
      }
      const sound = (who, paths) => soundInEveryLook(world, house.url, at[who].page, paths, 'signatures');
      await sound('leader', { waiting: '/hue/issued?standing=numbered', own: '/hue/signatures/sign', none: '/hue/issued/sign' });
    });

    for (const look of LOOKS) signing(world, look, () => ({ own: house.url, at, authority }));
  });
}

function signing(world, look, around) {
  describe(look.name, () => {
    const told = {};
    const many = look === LOOKS[0] ? 2 : 1;

    /** Somebody who is signed in already, in this look. */
    async function as(who) {
      const { own, at } = around();
      const opened = await openPage(world.browser, own, look);
      const cookies = (await at[who].page.context().cookies()).filter(({ name }) => name.includes('dinh'));
      await opened.page.context().addCookies(cookies);
      opened.page.setDefaultTimeout(20_000);
      return opened;
    }

    async function seen(opened, name) {
      const overflow = await opened.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the screen`);
      await assertAccessible(opened.page, `${name} (${look.name})`);
      await opened.screenshot(`signatures-${name.replaceAll(' ', '-')}`);
    }

    it('whoever decides sees what will be signed, confirms once, and each document says what came of it', async () => {
      const { own } = around();
      const chair = await as('leader');
      const { page } = chair;
      await page.goto(`${own}/hue/issued?standing=numbered`);
      for (let at = 0; at < many; at += 1) await page.locator('input[name=id]').nth(at).check();
      await page.locator('.batch button.primary').click();
      await page.waitForSelector('#key');
      assert.equal(await page.locator('tbody tr').count(), many);
      await seen(chair, 'what will be signed');
      await page.locator('form.slip button').click();
      await page.waitForSelector('#results-title');
      assert.equal(await page.locator('tbody tr .state.ok').count(), many, await page.textContent('main'));
      await seen(chair, 'what was signed');
      await page.locator('tbody th a').first().click();
      await page.waitForSelector('.signature');
      assert.match(await page.textContent('.signature'), /Ngô Thị Ba/);
      told.document = path(page);
      await seen(chair, 'a signed document');
      // Nobody signs twice: the way to it is gone.
      assert.equal(await page.locator('a[href*="issued/sign"]').count(), 0);
      await chair.close();
    });

    it('the records clerk seals and issues, from the case', async () => {
      const { own } = around();
      const desk = await as('records');
      const { page } = desk;
      await page.goto(own + told.document);
      await page.locator('main .actions a[href*="/cases/"]').click();
      await page.locator('section[aria-labelledby="issued-title"] a').first().click();
      assert.equal(path(page), told.document);
      await page.locator('a[href*="issued/sign"]').click();
      await page.check('[name=issue]');
      await page.locator('form.slip button').click();
      await page.waitForSelector('#results-title');
      await seen(desk, 'what was issued');
      if (many > 1) {
        // What is left of the batch: the one that is signed and not sealed.
        await page.goto(`${own}/hue/issued?standing=numbered`);
        await page.locator('tr:has(.state.watch + .state.watch) input').check();
        await page.locator('.batch button.primary').click();
        await page.check('[name=issue]');
        await page.locator('form.slip button').click();
        await page.waitForSelector('#results-title');
        assert.equal(await page.locator('tbody tr .state.ok').count(), 1);
      }
      await page.goto(own + told.document);
      assert.equal(await page.locator('.signature').count(), 2);
      assert.equal(await page.locator('main .paper-line .state.ok').count(), 2, 'it holds, and is signed and sealed');
      await seen(desk, 'a sealed document');
      const file = await page.context().request.get(`${own}${told.document}/file`);
      told.pdf = await file.body();
      assert.ok(told.pdf.includes('/Seal '), 'the picture of the seal is seen');
      told.check = await page.locator('dd a[href*="/check/"]').getAttribute('href');
      const judged = await pdfsig(told.pdf, around().authority);
      if (judged !== null) assert.equal(judged.match(/Signature is Valid[^]*?Certificate is Trusted/g)?.length, 2, judged);
      await desk.close();
    });

    it('whoever holds it finds out who signed, whether it holds and until when, and an altered byte', async () => {
      const { own } = around();
      const stranger = await openPage(world.browser, own, look);
      const { page } = stranger;
      await page.goto(new URL(told.check, own).href);
      assert.equal(await page.locator('.signature').count(), 2);
      const says = await page.textContent('main');
      for (const wanted of ['Ngô Thị Ba', WARD]) assert.ok(says.includes(wanted), `${wanted}: ${says}`);
      assert.match(says, look.lang === 'vi' ? /kiểm tra được đến hết/ : /can be checked only until/);
      await seen(stranger, 'who signed');
      const shown = async (buffer) => {
        await page.goto(`${own}/hue/signatures`);
        await page.setInputFiles('#file', { name: 'giay.pdf', mimeType: 'application/pdf', buffer });
        await page.locator('form:has(#file) button').click();
        await page.waitForSelector('.verdict, .notice.danger');
      };
      await shown(told.pdf);
      assert.equal(await page.locator('.signature').count(), 2);
      assert.equal(await page.locator('.verdict.danger').count(), 0);
      await seen(stranger, 'signatures of a file');
      const altered = Buffer.from(told.pdf);
      altered[Math.floor(altered.length / 4)] ^= 1;
      await shown(altered);
      const wrong = await page.locator('.verdict.danger, .notice.danger').count();
      assert.equal(wrong, 1, await page.textContent('main'));
      await seen(stranger, 'an altered file');
      stranger.troubles.splice(0, stranger.troubles.length, ...stranger.troubles.filter((one) => !/422/.test(one)));
      await stranger.close();
    });
  });
}
