// One browser, and where wanted one demo, for the topics of one file; each topic is a module that registers its tests.

import { after, before, describe } from 'node:test';
import { startBrowser } from './browser.mjs';
import { startDemo } from './dinh.mjs';

/** No topic, however many there are, may hold up everybody for ever. */
const LIMIT_MS = 30 * 60_000;

/** Registers the topics under a title; `demo` starts the demo that they look at. */
export function theWorld(title, topics, { demo = false } = {}) {
  describe(title, { concurrency: false, timeout: LIMIT_MS }, () => {
    const world = {};
    before(async () => {
      world.browser = await startBrowser();
      if (!demo) return;
      world.demo = await startDemo();
      world.own = world.demo.url;
      world.home = `${world.own}/hue/`;
    });
    after(async () => {
      await world.browser?.close();
      await world.demo?.stop();
    });
    for (const topic of topics) topic(world);
  });
}
