// Measures how long a device takes to verify the QR of a card without network, in a real browser whose processor is slowed down as
// a phone's is (CDP Emulation.setCPUThrottlingRate). No measurement is a test: see README.md.
//   DINH_BIN=FILE CHROMIUM=FILE node bench/cards.mjs

import { openVerifier, act, judge, judgePicture, path, proposeCard, startCardHouse } from '../e2e/browser/lib/cards.mjs';
import { LOOKS, startBrowser } from '../e2e/browser/lib/browser.mjs';

const ROUNDS = 30;
/** The bar, in milliseconds: from the text of the QR to what is said of it. */
const BAR = 200;

const browser = await startBrowser();
const house = await startCardHouse({ browser });
try {
  const { url: own, desks } = house;
  const card = await proposeCard(desks.officer.page, own, { name: /Thảo/, personalId: '046184001234' });
  await desks.head.page.goto(own + card);
  await act(desks.head.page, 'approve', 'Đủ điều kiện, đồng ý cấp');
  const holder = desks.desktop.page;
  await holder.goto(`${own}/hue/my-cards`);
  await holder.locator('.papers a').first().click();
  await holder.waitForSelector('.show-qr svg');
  const text = await holder.textContent('#qr-text');
  const picture = await holder.locator('.show-qr .qr').screenshot();
  console.log(`a card of ${text.length} signs, ${path(holder).slice(0, 20)}…, ${ROUNDS} rounds, without network\n`);
  console.log('| what is measured | processor | first | p50 | p95 | bar value | met? |\n|---|---|---|---|---|---|---|');
  for (const rate of [1, 4, 6]) await measure(own, { text, picture }, rate);
} finally {
  await house.stop();
  await browser.close();
}

/** A device that was online once, then is without network and slow. */
async function measure(own, { text, picture }, rate) {
  const { page } = await openVerifier({ browser }, own, LOOKS[3]);
  await page.context().setOffline(true);
  await page.reload();
  await page.waitForSelector('#verify-fresh[data-state=fresh]');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate });
  const taken = { verdict: [], picture: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    if ((await judge(page, text)) !== 'valid') throw new Error('the card was not found valid');
    taken.verdict.push(Number(await page.getAttribute('#verify-result', 'data-milliseconds')));
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    if ((await judgePicture(page, picture)) !== 'valid') throw new Error('the picture was not found valid');
    taken.picture.push(Number(await page.getAttribute('#verify-result', 'data-since-picture')));
  }
  await page.context().close();
  const slowed = rate === 1 ? 'as it is' : `slowed down ${rate} times`;
  row('from the text of the QR to the verdict', slowed, taken.verdict, BAR);
  row('from a picture of the QR to the verdict', slowed, taken.picture);
}

function row(what, slowed, taken, bar) {
  const [first] = taken;
  const sorted = [...taken].sort((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  const worst = Math.max(first, at(0.95));
  const told = bar ? `< ${bar} ms | ${worst < bar ? 'yes' : 'no'}` : ' | ';
  console.log(`| ${what} | ${slowed} | ${first.toFixed(1)} ms | ${at(0.5).toFixed(1)} ms | ${at(0.95).toFixed(1)} ms | ${told} |`);
}
