// A house whose people have e-cards: a unit, those who propose and decide, and those who get a card; the steps of a card.

import assert from 'node:assert/strict';
import { LOOKS, openPage } from './browser.mjs';
import { startHouse } from './house.mjs';
import { makeUnit, newcomer, setUp, showFactor } from './people.mjs';

export const UNIT = 'Sở Nội vụ thành phố Huế';
export const REASON = 'Quyết định 12/QĐ-SNV ngày 20/11/2026';

const official = (name, email, role) => ({ name, email, kind: 'official', role, unit: UNIT });
export const path = (page) => new URL(page.url()).pathname;

/** Starts a house with a card officer, the head of their unit and two who get cards: one at a desk, one with a phone. */
export async function startCardHouse(world) {
  const house = await startHouse();
  const desks = {};
  const chief = await openPage(world.browser, house.url, LOOKS[0], { javaScript: false });
  await setUp(chief.page, house.url, house.code);
  await chief.page.goto(`${house.url}/hue/admin/units`);
  await showFactor(chief.page);
  await makeUnit(chief.page, house.url, UNIT, 'H57.01');
  const people = {
    officer: official('Hồ Thị Một', 'mot@hue.gov.vn', 'card-officer'),
    head: official('Lê Văn Hai', 'hai@hue.gov.vn', 'unit-leader'),
    desktop: official('Nguyễn Thị Phương Thảo', 'thao@hue.gov.vn', 'officer'),
    phone: official('Trần Văn Bình', 'binh.tv@hue.gov.vn', 'officer'),
  };
  for (const [who, person] of Object.entries(people)) {
    desks[who] = await newcomer(world, house.url, chief.page, person, who === 'phone' ? LOOKS[3] : LOOKS[0], { javaScript: true });
  }
  for (const who of ['officer', 'head']) {
    await desks[who].page.goto(`${house.url}/hue/cards`);
    await showFactor(desks[who].page);
  }
  return {
    url: house.url,
    desks,
    chief,
    async stop() {
      await chief.close();
      // Refusals are part of these journeys.
      for (const one of Object.values(desks)) await one.page.context().close();
      await house.stop();
    },
  };
}

/** Proposes a card from the first page on; answers the path of the card. */
export async function proposeCard(officer, own, { name, personalId }) {
  await officer.goto(`${own}/hue/`);
  await officer.locator('nav a', { hasText: 'Thẻ điện tử' }).click();
  await officer.locator('a.button.primary').first().click();
  const option = await officer.locator('#person option', { hasText: name }).first().getAttribute('value');
  await officer.selectOption('#person', option);
  await officer.fill('#reason', REASON);
  await officer.locator('form.slip button').click();
  assert.match(await officer.textContent('.notice.danger'), /12 chữ số/, 'what is missing is said');
  await officer.selectOption('#person', option);
  await officer.fill('#personal_id', personalId);
  await officer.setInputFiles('#photo', { name: 'anh.png', mimeType: 'image/png', buffer: await officer.screenshot() });
  await officer.locator('form.slip button').click();
  await officer.waitForURL(/\/cards\/urn/);
  return path(officer);
}

/** Does something with the card on whose page somebody is. */
export async function act(page, what, reason = REASON) {
  await page.fill('#reason', reason);
  await page.locator(`button[name=do][value=${what}]`).click();
  await page.waitForSelector('.notice');
}

/** Opens the page that verifies, and waits until the device can do without network. */
export async function openVerifier(world, own, look) {
  const opened = await openPage(world.browser, own, look, { javaScript: true });
  await opened.page.goto(`${own}/hue/verify`);
  await opened.page.waitForSelector('html[data-offline=ready]');
  await opened.page.waitForSelector('#verify-fresh[data-state=fresh]');
  return opened;
}

/** Lets the device judge; answers what it says. */
async function judged(page, begin) {
  await page.evaluate(() => document.querySelector('#verify-result').removeAttribute('data-outcome'));
  await begin();
  await page.waitForSelector('#verify-result[data-outcome]:not([hidden])');
  return page.getAttribute('#verify-result', 'data-outcome');
}

/** Pastes the text of a QR and lets the device judge it; answers what it says. */
export async function judge(page, text) {
  await page.fill('#verify-text', text);
  return judged(page, () => page.locator('#verify-form button[type=submit]').click());
}

/** The same with a picture of a QR. */
export async function judgePicture(page, buffer) {
  return judged(page, () => page.setInputFiles('#verify-picture', { name: 'qr.png', mimeType: 'image/png', buffer }));
}
