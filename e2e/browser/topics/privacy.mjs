// A citizen asks what is kept of them; the data protection officer acknowledges and completes; the citizen reads the answer
// and who looked. A house of its own, since it begins with its first administrator. Every page is sound in every look.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { code } from '../lib/codes.mjs';
import { startDemo } from '../lib/dinh.mjs';

const PASSWORD = 'bảy quả ổi treo lủng lẳng';
const REASON = 'Đề nghị ngày 20/11/2026';
const WORDS = 'Tôi muốn biết cơ quan đang giữ những gì về tôi.';

/** Sets up one-time codes on the account page. */
async function showFactor(page, own) {
  await page.goto(`${own}/hue/account`);
  await page.locator('button[value=code-offer]').click();
  await page.fill('#offer-code', code(await page.locator('dd code').first().textContent()));
  await page.locator('button[value=code-confirm]').click();
  await page.waitForSelector('.notice.ok');
}

async function administrator(demo, page) {
  await page.goto(`${demo.url}/hue/set-up`);
  await page.fill('#code', demo.setUpCode());
  await page.fill('#name', 'Trần Thị Bình');
  await page.fill('#email', 'binh@hue.gov.vn');
  await page.fill('#password', PASSWORD);
  await page.locator('form.slip button').click();
  await showFactor(page, demo.url);
}

/** Opens an account at the administrator's desk, and signs its holder in with the link that was handed over. */
async function newcomer(world, own, desk, { name, email, kind, role, subject }, look) {
  await desk.goto(`${own}/hue/admin/people`);
  await desk.locator('details.fold > summary').first().click();
  const form = desk.locator('form.slip');
  await form.locator('#name').fill(name);
  await form.locator('#email').fill(email);
  await form.locator('#kind').selectOption(kind);
  if (role) await form.locator('#new-role').selectOption(role);
  if (subject) await form.locator('#subject').fill(subject);
  await form.locator('#reason').fill(REASON);
  await form.locator('button').click();
  const link = await desk.locator('#link').textContent();
  if (subject) {
    // The official at the counter has seen that the address is theirs.
    await desk.locator('main .actions a').click();
    await desk.evaluate(() => document.querySelectorAll('details.fold').forEach((fold) => (fold.open = true)));
    await desk.locator('input[name=seen-email]').check();
    await desk.locator('#prove-reason').fill(REASON);
    await desk.locator('button[value=prove]').click();
    await desk.waitForSelector('.notice.ok');
  }
  const opened = await openPage(world.browser, own, look, { javaScript: false });
  await opened.page.goto(link);
  await opened.page.fill('#new', PASSWORD);
  await opened.page.locator('form.slip button').click();
  await opened.page.waitForSelector('.notice.ok');
  await opened.page.goto(`${own}/hue/sign-in`);
  await opened.page.fill('#name', email);
  await opened.page.fill('#password', PASSWORD);
  await opened.page.locator('form.slip button').click();
  return opened;
}

/** The pages, each in every look, with the cookies of somebody who may see them. */
async function soundInEveryLook(world, own, of, paths) {
  const cookies = (await of.context().cookies()).filter(({ name }) => name.includes('dinh'));
  for (const look of LOOKS) {
    const { page, screenshot, close } = await openPage(world.browser, own, look);
    await page.context().addCookies(cookies);
    for (const [name, path] of Object.entries(paths)) {
      const response = await page.goto(own + path, { waitUntil: 'load' });
      assert.equal(response.status(), 200, path);
      assert.equal(await page.getAttribute('html', 'lang'), look.lang, `${path}: language`);
      await page.evaluate(() => document.querySelectorAll('details.fold').forEach((fold) => (fold.open = true)));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${path} is ${overflow} px wider than the screen (${look.name})`);
      await assertAccessible(page, `${path} (${look.name})`);
      await screenshot(`privacy-${name}`);
    }
    await close();
  }
}

export function privacy(world) {
  describe('a request about personal data', () => {
    it('is filed by a citizen, settled by an officer, and leaves its traces', async () => {
      const demo = await startDemo();
      try {
        const own = demo.url;
        const chief = await openPage(world.browser, own, LOOKS[0]);
        await administrator(demo, chief.page);
        const subject = 'urn:ngsi-ld:Person:an';
        const an = { name: 'Lê Thị An', email: 'an@example.vn', kind: 'citizen', subject };
        const citizen = await newcomer(world, own, chief.page, an, LOOKS[3]);
        const duc = { name: 'Đỗ Văn Đức', email: 'duc@hue.gov.vn', kind: 'official', role: 'privacy-officer' };
        const officer = await newcomer(world, own, chief.page, duc, LOOKS[0]);
        await showFactor(officer.page, own);

        const { page } = citizen;
        await page.goto(`${own}/hue/my-data`);
        assert.equal(await page.locator('input[type=checkbox]:checked').count(), 0, 'nothing is ticked before');
        await page.locator('#consent-case-notices button[value=give]').click();
        await page.waitForSelector('.notice.ok');
        assert.equal(await page.locator('#consent-case-notices button[value=take-back]').count(), 1);
        await page.goto(`${own}/hue/my-data/requests/new`);
        await page.check('#kind-access');
        await page.fill('#text', WORDS);
        await page.locator('form.asking button').click();
        const path = new URL(page.url()).pathname;
        assert.match(path, /\/my-data\/requests\/urn/);
        assert.match(await page.textContent('main'), /2 ngày làm việc/);
        const paper = { name: 'Đơn đề nghị.txt', mimeType: 'text/plain', buffer: Buffer.from('Kính gửi cơ quan.\n') };
        await page.setInputFiles('#file', paper);
        await page.locator('form[enctype] button').click();
        await page.waitForSelector('.notice.ok');
        assert.match(await page.textContent('.files'), /Đơn đề nghị\.txt/);
        await soundInEveryLook(world, own, page, { open: path });

        const desk = officer.page;
        await desk.goto(`${own}/hue/privacy`);
        assert.equal(await desk.locator('tbody tr').count(), 1);
        await desk.locator('tbody a').first().click();
        assert.ok((await desk.textContent('main')).includes(WORDS));
        const [attached] = await Promise.all([desk.waitForEvent('download'), desk.locator('.files a').first().click()]);
        assert.equal(attached.suggestedFilename(), 'Đơn đề nghị.txt');
        const settled = new URL(desk.url()).pathname;
        await desk.locator('button[value=acknowledge]').click();
        await desk.waitForSelector('.notice.ok');
        await soundInEveryLook(world, own, desk, { queue: '/hue/privacy', settle: settled });
        await desk.fill('#answer', 'Anh/chị tải bản sao ở dưới.');
        await desk.locator('button[value=complete]').click();
        await desk.waitForSelector('.notice.ok');
        assert.equal(await desk.locator('button[value=complete]').count(), 0, 'it is over');

        await page.goto(own + path);
        assert.match(await page.textContent('main'), /tải bản sao ở dưới/);
        const [file] = await Promise.all([page.waitForEvent('download'), page.locator('button[value=export]').click()]);
        assert.equal(file.suggestedFilename(), 'my-data.json');
        await page.goto(`${own}/hue/my-data/looks`);
        const looks = await page.textContent('main');
        assert.match(looks, /Cán bộ bảo vệ dữ liệu cá nhân/);
        assert.match(looks, /Giải quyết yêu cầu/);
        assert.ok(!looks.includes('Đức'), 'as what they looked, not who they are');
        const paths = { mine: '/hue/my-data', new: '/hue/my-data/requests/new', request: path, looks: '/hue/my-data/looks' };
        await soundInEveryLook(world, own, page, paths);
        for (const one of [citizen, officer, chief]) await one.close();
      } finally {
        await demo.stop();
      }
    });
  });
}
