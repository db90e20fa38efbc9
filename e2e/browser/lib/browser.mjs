// A real browser, and pages that remember what went wrong in them.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const ARTIFACTS = new URL('../../artifacts/', import.meta.url).pathname;

/** Debian's Chromium without sandbox, graphics card and everything that would call home. */
export async function startBrowser() {
  await mkdir(ARTIFACTS, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--enable-unsafe-swiftshader', // MapLibre draws with WebGL, here without a graphics card
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** The ways in which every page is looked at. */
export const LOOKS = [
  { name: 'wide-light-vi', width: 1440, height: 900, scheme: 'light', lang: 'vi' },
  { name: 'wide-dark-en', width: 1440, height: 900, scheme: 'dark', lang: 'en' },
  { name: 'narrow-light-en', width: 360, height: 740, scheme: 'light', lang: 'en' },
  { name: 'narrow-dark-vi', width: 360, height: 740, scheme: 'dark', lang: 'vi' },
];

/**
 * Opens a page in a fresh profile. `troubles` collects errors of scripts and of the console, failed and foreign
 * requests; `close` asserts that there were none.
 */
export async function openPage(browser, own, look = LOOKS[0], { javaScript = true } = {}) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.scheme,
    javaScriptEnabled: javaScript,
    reducedMotion: 'reduce',
    locale: look.lang === 'en' ? 'en-GB' : 'vi-VN',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`status ${response.status()}: ${response.url()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(own) && !/^(data|blob|about):/.test(url)) troubles.push(`foreign request: ${url}`);
  });
  if (look.lang === 'en') await page.request.get(`${own}/lang/en`, { maxRedirects: 0 });

  return {
    page,
    troubles,
    screenshot: (name) => page.screenshot({ path: `${ARTIFACTS}${name}-${look.name}.png`, fullPage: true }),
    async close() {
      await context.close();
      assert.deepEqual(troubles, [], 'something went wrong in the page');
    },
  };
}
