// One server and one browser for all topics; each topic is a module that registers its tests.

import { after, before, describe } from 'node:test';
import { startBrowser } from '../lib/browser.mjs';
import { startDemo } from '../lib/dinh.mjs';
import { accounts } from '../topics/accounts.mjs';
import { admin } from '../topics/admin.mjs';
import { around } from '../topics/around.mjs';
import { deadLetters } from '../topics/dead_letters.mjs';
import { everyPage } from '../topics/every_page.mjs';
import { cases } from '../topics/cases.mjs';
import { cards } from '../topics/cards.mjs';
import { changes } from '../topics/changes.mjs';
import { citizen } from '../topics/citizen.mjs';
import { leader } from '../topics/leader.mjs';
import { counter } from '../topics/counter.mjs';
import { forms } from '../topics/forms.mjs';
import { keyboard } from '../topics/keyboard.mjs';
import { list } from '../topics/list.mjs';
import { live } from '../topics/live.mjs';
import { map } from '../topics/map.mjs';
import { money } from '../topics/money.mjs';
import { notices } from '../topics/notices.mjs';
import { papers } from '../topics/papers.mjs';
import { portal } from '../topics/portal.mjs';
import { privacy } from '../topics/privacy.mjs';
import { procedures } from '../topics/procedures.mjs';

describe('the pages in a browser', { concurrency: false }, () => {
  const world = {};
  before(async () => {
    world.demo = await startDemo();
    world.browser = await startBrowser();
    world.own = world.demo.url;
    world.home = `${world.own}/hue/`;
  });
  after(async () => {
    await world.browser?.close();
    await world.demo?.stop();
  });
  for (const topic of [map, list, live, keyboard, around, deadLetters, accounts, everyPage, admin, privacy, procedures, forms, cases, changes, citizen, counter, leader, notices, papers, portal, cards, money]) topic(world);
});
