// Pages of the one-stop shop, each topic in a house of its own.

import { theWorld } from '../lib/world.mjs';
import { cardUses } from '../topics/card_uses.mjs';
import { cards } from '../topics/cards.mjs';
import { citizen } from '../topics/citizen.mjs';
import { counter } from '../topics/counter.mjs';
import { money } from '../topics/money.mjs';
import { papers } from '../topics/papers.mjs';
import { portal } from '../topics/portal.mjs';
import { signatures } from '../topics/signatures.mjs';
import { tokens } from '../topics/token.mjs';

theWorld('the pages of the one-stop shop in a browser', [citizen, counter, papers, portal, cards, cardUses, money, signatures, tokens]);
