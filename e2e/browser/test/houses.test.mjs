// Pages of the one-stop shop, each topic in a house of its own.

import { theWorld } from '../lib/world.mjs';
import { cards } from '../topics/cards.mjs';
import { cases } from '../topics/cases.mjs';
import { changes } from '../topics/changes.mjs';
import { citizen } from '../topics/citizen.mjs';
import { counter } from '../topics/counter.mjs';
import { leader } from '../topics/leader.mjs';
import { money } from '../topics/money.mjs';
import { notices } from '../topics/notices.mjs';
import { papers } from '../topics/papers.mjs';
import { portal } from '../topics/portal.mjs';
import { signatures } from '../topics/signatures.mjs';

theWorld('the pages of the one-stop shop in a browser', [cases, changes, citizen, counter, leader, notices, papers, portal, cards, money, signatures]);
