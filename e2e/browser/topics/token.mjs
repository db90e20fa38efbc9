// Signing with a USB token: the page, the agent beside it on the same machine, and the token sign many documents with one
// confirmation; other sites, wrong codes and certificates that nobody registered do not.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pdfsig, startAuthority } from '../lib/authority.mjs';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { act, askForCopies, send } from '../lib/dossiers.mjs';
import { startHouse } from '../lib/house.mjs';
import { makeUnit, newcomer, setUp, showFactor } from '../lib/people.mjs';
import { makeToken } from '../lib/token.mjs';

const WARD = 'UBND phường Thuận Hoá';
const NAME = 'Ngô Thị Ba';

export function tokens(world) {
  describe('tokens', () => {
    let authority;
    let house;
    let chief;
    let token;
    const at = {};
    before(async () => {
      authority = await startAuthority();
      token = await makeToken(authority, NAME);
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
        leader: official(NAME, 'ba@hue.gov.vn', 'unit-leader'),
        records: official('Đỗ Thị Bảy', 'bay@hue.gov.vn', 'clerk'),
        citizen: { name: 'Phan Thị An', email: 'an@example.vn', kind: 'citizen' },
      };
      for (const [who, person] of Object.entries(people)) {
        at[who] = await newcomer(world, house.url, chief.page, person, LOOKS[0], { javaScript: who === 'citizen' });
      }
      await at.leader.page.goto(`${house.url}/hue/account`);
      await showFactor(at.leader.page);
    });
    after(async () => {
      for (const one of [chief, ...Object.values(at)]) await one?.close();
      await token?.stop();
      await house?.stop();
      await authority?.stop();
    });

    /** The leader with scripts. What the page asks of the agent is no trouble; `also` is none either. */
    async function leader(look, agent, also = /$^/) {
      const opened = await openPage(world.browser, house.url, look);
      const cookies = (await at.leader.page.context().cookies()).filter(({ name }) => name.includes('dinh'));
      await opened.page.context().addCookies(cookies);
      opened.page.setDefaultTimeout(20_000);
      const fine = (one) => one.includes(agent.url) || also.test(one);
      const close = () => {
        opened.troubles.splice(0, opened.troubles.length, ...opened.troubles.filter((one) => !fine(one)));
        return opened.close();
      };
      return { ...opened, close };
    }

    async function seen(opened, look, name) {
      const overflow = await opened.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the screen`);
      await assertAccessible(opened.page, `${name} (${look.name})`);
      await opened.screenshot(`token-${name.replaceAll(' ', '-')}`);
    }

    it('a key in a token is registered with its certificate', async (test) => {
      if (!token) return test.skip();
      const { page } = chief;
      await page.goto(`${house.url}/hue/admin/signing`);
      await page.locator('details.fold > summary').first().click();
      await page.fill('#title', 'Token của chủ tịch');
      await page.selectOption('#purpose', 'personal');
      await page.selectOption('#holder', { label: NAME });
      await page.selectOption('#unit', { label: WARD });
      await page.selectOption('#where', 'elsewhere');
      await page.fill('#name', NAME);
      await page.locator('button[value=make]').click();
      await page.waitForSelector('.notice.ok');
      await page.locator('details:has(input[name=certificate]) > summary').first().click();
      await page.locator('input[name=certificate]').first().setInputFiles({ name: 'cert.pem', mimeType: 'application/x-pem-file', buffer: token.certificate });
      await page.locator('form:has(input[name=certificate]) button').first().click();
      await page.waitForSelector('.notice.ok');
    });

    it('documents get their numbers', async () => {
      const { page } = at.citizen;
      for (let one = 0; one < 2; one += 1) {
        await page.goto(`${house.url}/hue/file/civil-status-copy`);
        await page.selectOption('#filing-unit', { label: WARD });
        await askForCopies(page);
        await send(page);
        await page.locator('main .actions a').first().click();
        const dossier = new URL(page.url()).pathname;
        for (const [who, action] of [['clerk', 'accept'], ['handler', 'start'], ['handler', 'submit'], ['leader', 'approve'], ['records', 'register']]) {
          await at[who].page.goto(house.url + dossier);
          await act(at[who].page, action);
        }
      }
    });

    it('without scripts the page says what is needed, and only its own address may be asked', async (test) => {
      if (!token) return test.skip();
      const { page } = at.leader;
      await page.goto(`${house.url}/hue/issued?standing=numbered`);
      for (const box of await page.locator('input[name=id]').all()) await box.check();
      const [response] = await Promise.all([page.waitForNavigation(), page.locator('.batch button.primary').click()]);
      assert.match(await page.textContent('#token noscript, #token'), /JavaScript/);
      const policy = response.headers()['content-security-policy'];
      assert.match(policy, /connect-src 'self' http:\/\/127\.0\.0\.1:9421;/);
      const list = await page.goto(`${house.url}/hue/issued?standing=numbered`);
      assert.match(list.headers()['content-security-policy'], /connect-src 'self';/);
    });

    it('the page needs the agent, its code and a certificate that is registered', async (test) => {
      if (!token) return test.skip();
      const elsewhere = await token.agent('https://dinh.example.vn');
      const agent = await token.agent(house.url);
      for (const look of LOOKS) {
        const chair = await leader(look, agent, /401|ERR_FAILED|CORS|foreign request: http:\/\/127/);
        const { page } = chair;
        const choose = async (port) => {
          await page.goto(`${house.url}/hue/issued?standing=numbered`);
          await page.locator('input[name=id]').first().check();
          await page.locator('.batch button.primary').click();
          await page.locator('#token details > summary').click();
          await page.fill('#token-port', port);
          await page.locator('#token-port-form button').click();
          await page.waitForSelector(`#token[data-port="${port}"]`);
        };
        await choose(elsewhere.port);
        await page.fill('#token-code', elsewhere.code);
        await page.locator('#token-pair button').click();
        await page.waitForSelector('#token-told.danger');
        assert.match(await page.textContent('#token-told'), /--site/);
        await choose(agent.port);
        await page.fill('#token-code', 'AAAA-AAAA');
        await page.locator('#token-pair button').click();
        await page.waitForSelector('#token-told.danger');
        await seen(chair, look, 'wrong code');
        await page.fill('#token-code', agent.code.toLowerCase());
        await page.locator('#token-pair button').click();
        await page.waitForSelector('#token-sign:not([hidden])');
        assert.match(await page.textContent('#token-key'), new RegExp(NAME));
        await seen(chair, look, 'connected');
        // The port and the code are remembered: the next document needs neither.
        await page.goto(`${house.url}/hue/issued?standing=numbered`);
        await page.locator('input[name=id]').first().check();
        await page.locator('.batch button.primary').click();
        await page.waitForSelector('#token-sign:not([hidden])');
        await chair.close();
      }
    });

    it('two documents are signed with one confirmation, and others find the signatures good', async (test) => {
      if (!token) return test.skip();
      const agent = await token.agent(house.url);
      const chair = await leader(LOOKS[0], agent);
      const { page } = chair;
      await page.goto(`${house.url}/hue/issued?standing=numbered`);
      for (const box of await page.locator('input[name=id]').all()) await box.check();
      await page.locator('.batch button.primary').click();
      await page.goto(`${page.url()}&port=${agent.port}`);
      await page.fill('#token-code', agent.code);
      await page.locator('#token-pair button').click();
      await page.locator('#token-sign button').click();
      await page.waitForSelector('#results-title');
      assert.equal(await page.locator('tbody tr .state.ok').count(), 2, await page.textContent('main'));
      await seen(chair, LOOKS[0], 'signed');
      assert.match(agent.says, new RegExp(`${NAME}: 2 văn bản`), 'the agent says what it signs');
      const hrefs = await page.locator('tbody th a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
      assert.equal(hrefs.length, 2);
      for (const href of hrefs) {
        const file = await page.context().request.get(new URL(`${href}/file`, house.url).href);
        const judged = await pdfsig(await file.body(), authority);
        if (judged !== null) assert.equal(judged.match(/Signature is Valid/g)?.length, 1, judged);
        if (judged !== null) assert.match(judged, new RegExp(`${NAME}[^]*Certificate is Trusted`), judged);
      }
      await chair.close();
    });
  });
}
