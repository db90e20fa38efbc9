// What changes around dossiers: a new version of a procedure is compared, tried out and comes into force while dossiers go on
// under the old one; two wards become one and their dossiers go on in it.

import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { act, askForCopies, fromQueue, send } from '../lib/dossiers.mjs';
import { startHouse } from '../lib/house.mjs';
import { makeUnit, newcomer, setUp, showFactor, soundInEveryLook } from '../lib/people.mjs';
import { until } from '../lib/until.mjs';

const KIND = 'civil-status-copy';
const [OLD, NEW] = ['UBND phường Thuận Hoá', 'UBND phường Phú Xuân mới'];
const REASON = 'Điều khoản chuyển tiếp: người nộp đề nghị áp dụng quy định mới.';

/** A day as attributes write it, counted from today in Viet Nam. */
function day(from) {
  return new Date(Date.now() + (7 * 60 + from * 24 * 60) * 60_000).toISOString().slice(0, 10);
}

/** The second version of a kind: another first day, another fee, fewer copies at once; what it changes is told. */
async function changeLaw(packs, status, from) {
  const folder = join(packs, 'one-stop/cases');
  const text = await readFile(join(folder, `${KIND}.toml`), 'utf8');
  const change = 'change = { vi = "Lệ phí cấp bản sao giảm còn 5.000 đồng.", en = "The fee for a copy falls to 5,000 đồng." }';
  const next = text
    .replace('version = 1', `version = 2\nstatus = "${status}"\n${change}`)
    .replace(/valid_from = .*/, `valid_from = ${from}`)
    .replace('amount = 8000', 'amount = 5000');
  assert.notEqual(next, text);
  await writeFile(join(folder, `${KIND}.2.toml`), next);
  const forms = join(packs, 'one-stop/forms');
  const form = JSON.parse(await readFile(join(forms, `${KIND}.json`), 'utf8'));
  form['x-dinh'].valid_from = from;
  form.properties.copies.maximum = 20;
  form.properties.copies['x-dinh'].title.vi = 'Số bản sao cần cấp';
  await writeFile(join(forms, `${KIND}.2.json`), JSON.stringify(form));
}

/** No rate of a tariff stands above what the kind itself says that it costs. */
function withoutRates(packs) {
  return rm(join(packs, 'one-stop/fees'), { recursive: true });
}

/** Files a dossier and goes to its page; answers its path. */
async function file(page, own, unit) {
  await page.goto(`${own}/hue/file/${KIND}`);
  await page.selectOption('#filing-unit', { label: unit });
  await askForCopies(page);
  await send(page);
  await page.locator('main .actions a').first().click();
  return new URL(page.url()).pathname;
}

/** Takes a step of a trial as one of the roles. */
async function tries(page, action, role, asked = {}) {
  const button = `button[value="${action}@${role}"]`;
  const fold = page.locator(`details:has(${button}) > summary`);
  if (await fold.count()) await fold.click();
  const form = page.locator(`form:has(${button})`);
  for (const [name, value] of Object.entries(asked)) {
    const field = form.locator(`[name="ask.${name}"]`);
    const isChoice = (await field.evaluate((one) => one.tagName)) === 'SELECT';
    await (isChoice ? field.selectOption(value) : field.fill(value));
  }
  const taken = page.locator('.steps > li');
  const before = await taken.count();
  await page.locator(button).click();
  await taken.nth(before).waitFor();
}

export function changes(world) {
  describe('what changes around dossiers', () => {
    let house;
    const at = {};
    before(async () => {
      house = await startHouse({ ownPacks: true, change: withoutRates });
    });
    after(async () => {
      try {
        for (const one of Object.values(at)) await one.close();
      } finally {
        await house?.stop();
      }
    });

    it('a new version is tried out, and comes into force beside the old one', async () => {
      const own = house.url;
      at.chief = await openPage(world.browser, own, LOOKS[0], { javaScript: false });
      const { page: chief } = at.chief;
      await setUp(chief, own, house.code);
      await chief.goto(`${own}/hue/admin/units`);
      await showFactor(chief);
      for (const [unit, code] of [[OLD, 'H57.20.01'], [NEW, 'H57.20.09']]) await makeUnit(chief, own, unit, code);
      const official = (name, email, role, unit) => ({ name, email, kind: 'official', role, unit });
      at.clerk = await newcomer(world, own, chief, official('Hồ Thị Một', 'mot@hue.gov.vn', 'one-stop-officer', OLD), LOOKS[0]);
      at.leader = await newcomer(world, own, chief, official('Ngô Thị Ba', 'ba@hue.gov.vn', 'unit-leader', OLD), LOOKS[0]);
      at.later = await newcomer(world, own, chief, official('Lê Văn Hai', 'hai@hue.gov.vn', 'officer', NEW), LOOKS[0]);
      const an = { name: 'Phan Thị An', email: 'an@example.vn', kind: 'citizen' };
      at.citizen = await newcomer(world, own, chief, an, LOOKS[3]);
      const { page: home } = at.citizen;
      const paper = await file(home, own, OLD);
      const { page: desk } = at.clerk;
      await fromQueue(desk, own);
      await act(desk, 'accept');

      await house.again((packs) => changeLaw(packs, 'draft', day(-1)));
      const { page: chair } = at.leader;
      await chair.goto(`${own}/hue/work`);
      await chair.locator('a[href="kinds"]').click();
      await chair.locator(`a[href$="kinds/${KIND}/2"]`).click();
      assert.match(await chair.textContent('main'), /Bản thảo/);
      const versions = { against: `/hue/kinds/${KIND}/2/against/1`, trial: `/hue/kinds/${KIND}/2/trial` };
      await soundInEveryLook(world, own, chair, versions, 'changes');
      await chair.locator(`a[href$="2/against/1"]`).click();
      const fee = chair.locator('.versus div', { hasText: 'Mức thu' });
      assert.deepEqual([await fee.locator('del').textContent(), await fee.locator('ins').textContent()], ['8.000', '5.000']);
      const copies = chair.locator('.part li', { hasText: 'Số bản sao cần cấp' });
      assert.match(await copies.textContent(), /Số lượng bản sao/, 'what the form asks otherwise');
      assert.deepEqual([await copies.locator('del').last().textContent(), await copies.locator('ins').last().textContent()], ['50', '20']);
      await chair.goBack();
      await chair.locator(`a[href$="2/trial"]`).click();
      await askForCopies(chair);
      await chair.fill('#trial-at', '2027-02-05T15:30');
      await chair.locator('main form.form button[value=check]').last().click();
      await chair.locator('.steps > li').first().waitFor();
      assert.match(await chair.textContent('main'), /Mới đăng ký/);
      await tries(chair, 'accept', 'intake');
      const facts = await chair.textContent('main dl.facts');
      assert.match(facts, /H00\.00\.00-270205-0001/, 'the number that it would have');
      // Friday before Tết 2027, after three in the afternoon: the next working day is after the holiday.
      assert.match(facts, /1[0-9]\/0?2\/2027/, facts);
      await tries(chair, 'start', 'handler');
      await tries(chair, 'submit', 'handler');
      await tries(chair, 'refuse', 'decider', { reason: 'Không có sổ hộ tịch gốc.' });
      assert.match(await chair.textContent('.steps'), /Báo cho Người nộp hồ sơ/);
      assert.match(await chair.textContent('main'), /Từ chối giải quyết/);
      await chair.goto(`${own}/hue/my-cases`);
      assert.doesNotMatch(await chair.textContent('main'), /H00/, 'nothing of a trial is kept');

      await house.again((packs) => changeLaw(packs, 'published', day(-1)));
      const second = await file(home, own, OLD);
      const version = async (path) => {
        await chair.goto(own + path);
        return chair.textContent('main');
      };
      assert.match(await version(second), /10\.000/, 'two copies for 5,000 đồng each');
      assert.match(await version(paper), /16\.000/, 'what was filed before goes on under the old one');
      await chair.locator('a[href$="/version"]').click();
      await at.leader.screenshot('changes-adopt');
      await chair.fill('textarea[name=reason]', REASON);
      await chair.locator('main form.slip button').click();
      assert.match(await chair.textContent('main'), /10\.000/);
      assert.match(await chair.textContent('.steps'), new RegExp(REASON));
    });

    it('dossiers go on in the unit that takes over', async () => {
      const own = house.url;
      const { page: chief } = at.chief;
      await chief.goto(`${own}/hue/admin/units`);
      await chief.locator('main table a', { hasText: OLD }).click();
      await chief.locator('details.fold > summary').first().click();
      await chief.selectOption('#successor', { label: NEW });
      await chief.locator('form.slip button').first().click();
      assert.match(await chief.textContent('.field-error'), /ngày hoạt động cuối cùng/, 'a successor needs a day');
      assert.ok(at.chief.troubles.splice(0).every((trouble) => trouble.includes('422')));
      await chief.fill('#to', day(-1));
      await chief.locator('form.slip button').first().click();
      await chief.waitForSelector('.notice.ok');
      const { page: office } = at.later;
      await until('the dossiers went over', 40_000, async () => {
        await office.goto(`${own}/hue/work`);
        return (await office.locator('.papers-table tbody th a').count()) === 2;
      });
      await fromQueue(office, own, 'H57.20.01-' + (await office.textContent('.papers-table')).match(/H57\.20\.01-(\d{6}-\d{4})/)[1]);
      assert.match(await office.textContent('.steps'), /Đã chuyển sang đơn vị kế thừa/);
      await act(office, 'start');
      await at.citizen.page.goto(`${own}/hue/file/${KIND}`);
      const offered = await at.citizen.page.locator('#filing-unit').textContent();
      assert.ok(offered.includes(NEW) && !offered.includes(OLD), 'nothing is filed with a unit that is no more');
    });
  });
}
