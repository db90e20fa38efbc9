// Pages of dossiers from within the administration: the queue, new versions, leaders, notices.

import { theWorld } from '../lib/world.mjs';
import { cases } from '../topics/cases.mjs';
import { changes } from '../topics/changes.mjs';
import { leader } from '../topics/leader.mjs';
import { notices } from '../topics/notices.mjs';

theWorld('the pages of dossiers in a browser', [cases, changes, leader, notices]);
