// A citizen asks what is kept of them; the data protection officer acknowledges and completes; the citizen reads the answer
// and who looked. A house of its own, since it begins with its first administrator. Every page is sound in every look.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { startDemo } from '../lib/dinh.mjs';
import { newcomer, setUp, showFactor, soundInEveryLook } from '../lib/people.mjs';

const WORDS = 'Tôi muốn biết cơ quan đang giữ những gì về tôi.';

export function privacy(world) {
  describe('a request about personal data', () => {
    it('is filed by a citizen, settled by an officer, and leaves its traces', async () => {
      const demo = await startDemo();
      try {
        const own = demo.url;
        const chief = await openPage(world.browser, own, LOOKS[0]);
        await setUp(chief.page, own, demo.setUpCode());
        await chief.page.goto(`${own}/hue/account`);
        await showFactor(chief.page);
        const subject = 'urn:ngsi-ld:Person:an';
        const an = { name: 'Lê Thị An', email: 'an@example.vn', kind: 'citizen', subject };
        const citizen = await newcomer(world, own, chief.page, an, LOOKS[3]);
        const duc = { name: 'Đỗ Văn Đức', email: 'duc@hue.gov.vn', kind: 'official', role: 'privacy-officer' };
        const officer = await newcomer(world, own, chief.page, duc, LOOKS[0]);
        await officer.page.goto(`${own}/hue/account`);
        await showFactor(officer.page);

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
        await soundInEveryLook(world, own, page, { open: path }, 'privacy');

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
        await soundInEveryLook(world, own, desk, { queue: '/hue/privacy', settle: settled }, 'privacy');
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
        await soundInEveryLook(world, own, page, paths, 'privacy');
        for (const one of [citizen, officer, chief]) await one.close();
      } finally {
        await demo.stop();
      }
    });
  });
}
