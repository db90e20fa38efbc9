// Signing in: set-up, one-time codes, passkeys, an identity provider; and what one does with one's own account.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { LOOKS, openPage } from '../lib/browser.mjs';
import { code } from '../lib/codes.mjs';
import { startHouse } from '../lib/house.mjs';
import { startProvider } from '../lib/provider.mjs';

const PASSWORD = 'sông Hương chảy qua thành phố';
const NARROW = LOOKS[3];

async function sound(page, what) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${what} is ${overflow} px wider than the screen`);
  await assertAccessible(page, what);
}

export function accounts(world) {
  describe('accounts', () => {
    let house;
    let provider;
    before(async () => {
      provider = await startProvider({ sub: 'an-1', name: 'Lê Thị Bình', email: 'binh@hue.gov.vn', email_verified: true });
      house = await startHouse({ providers: [provider] });
    });
    after(async () => {
      await house?.stop();
      await provider?.stop();
    });

    it('takes the first administrator from the set-up code to a code app and a passkey', async () => {
      const { page, screenshot, troubles, close } = await openPage(world.browser, house.url, NARROW);
      await page.goto(`${house.url}/hue/set-up`);
      await page.fill('#code', house.code);
      await page.fill('#name', 'Trần An');
      await page.fill('#email', 'an@hue.gov.vn');
      await page.fill('#password', PASSWORD);
      await page.click('main button[type=submit]');
      await page.goto(`${house.url}/hue/account`);
      await page.click('button[value=code-offer]');
      assert.equal(await page.locator('.qr svg').count(), 1, 'there is a picture to scan');
      await sound(page, 'the offer of a code app');
      const secret = await page.locator('.facts code').textContent();
      await page.fill('#offer-code', code(secret));
      await page.click('button[value=code-confirm]');
      assert.equal(await page.locator('.codes li').count(), 10, 'there are recovery codes');
      await screenshot('account-recovery');

      // A passkey that lives in the browser.
      const device = await page.context().newCDPSession(page);
      await device.send('WebAuthn.enable');
      await device.send('WebAuthn.addVirtualAuthenticator', {
        options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
      });
      await page.fill('#passkey-name', 'Điện thoại của tôi');
      await page.click('form[data-passkey=make] button');
      await page.getByText('Đã thêm khoá truy cập.').waitFor();
      await sound(page, 'the account with a passkey');
      await screenshot('account');

      await page.click('button[value=sign-out]');
      await page.goto(`${house.url}/hue/sign-in?next=/hue/account`);
      await sound(page, 'signing in');
      await screenshot('sign-in-ways');
      await page.click('form[data-passkey=use] button');
      await page.waitForURL((url) => url.pathname === '/hue/account');
      assert.match(await page.locator('main').textContent(), /Đã xác thực trong 10 phút qua/, 'a passkey is a second factor');
      assert.deepEqual(troubles, []);
      await close();
    });

    it('says that a password is wrong, and lets nobody in', async () => {
      const { page, troubles, close } = await openPage(world.browser, house.url, LOOKS[1]);
      await page.goto(`${house.url}/hue/sign-in`);
      await page.fill('#name', 'an@hue.gov.vn');
      await page.fill('#password', 'a wrong password of mine');
      await page.click('main .slip button');
      await page.getByRole('alert').waitFor();
      assert.ok(troubles.splice(0).every((text) => text.includes('401')), 'a wrong password is refused');
      await close();
    });

    it('signs in with an identity provider, and out again', async () => {
      const { page, troubles, close } = await openPage(world.browser, house.url);
      await page.goto(`${house.url}/hue/sign-in?next=/hue/account`);
      await page.getByRole('link', { name: 'Đăng nhập bằng Tài khoản cán bộ của tỉnh' }).click();
      await page.waitForURL((url) => url.pathname === '/hue/account');
      assert.match(await page.locator('h1').textContent(), /Lê Thị Bình/);
      assert.match(await page.locator('main').textContent(), /Đã liên kết/);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('.folds').getByText('Dữ liệu về tài khoản').click().then(() => page.click('button[value=export]')),
      ]);
      assert.equal(download.suggestedFilename(), 'dinh-tai-khoan.json');
      await page.locator('summary', { hasText: 'Đóng tài khoản' }).click();
      await page.check('input[name=sure]');
      await page.click('button[value=close]');
      await page.waitForURL('**/hue/');
      const foreign = troubles.splice(0).filter((text) => !text.includes(provider.issuer));
      assert.deepEqual(foreign, []);
      await close();
    });
  });
}
