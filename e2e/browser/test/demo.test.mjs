// Pages of the demo: the map, lists, the administrator's desk, procedures and their forms.

import { theWorld } from '../lib/world.mjs';
import { accounts } from '../topics/accounts.mjs';
import { admin } from '../topics/admin.mjs';
import { around } from '../topics/around.mjs';
import { deadLetters } from '../topics/dead_letters.mjs';
import { everyPage } from '../topics/every_page.mjs';
import { explorer } from '../topics/explorer.mjs';
import { forms } from '../topics/forms.mjs';
import { keyboard } from '../topics/keyboard.mjs';
import { list } from '../topics/list.mjs';
import { live } from '../topics/live.mjs';
import { map } from '../topics/map.mjs';
import { privacy } from '../topics/privacy.mjs';
import { procedures } from '../topics/procedures.mjs';

const topics = [map, list, live, keyboard, around, deadLetters, accounts, everyPage, admin, privacy, procedures, forms, explorer];
theWorld('the pages of the demo in a browser', topics, { demo: true });
