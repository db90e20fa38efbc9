// What an administrator sets up, by the forms that a browser would send, without looking at pages: accounts that topics begin with.

import assert from 'node:assert/strict';
import { LOOKS, openPage } from './browser.mjs';
import { code } from './codes.mjs';
import { PASSWORD, REASON } from './people.mjs';

/** Sends a form as a browser does, and says where it leads or what it answers. */
export async function send(page, url, form, status) {
  const answer = await page.request.post(url, { form, maxRedirects: 0 });
  assert.equal(answer.status(), status, `${url}: ${await answer.text()}`);
  return status === 303 ? answer.headers().location : answer.text();
}

/** What stands between two texts. */
export function between(text, start, end) {
  const rest = text.split(start)[1];
  assert.ok(rest, `there is no ${start}`);
  return rest.split(end)[0];
}

/** The first administrator, with a second factor. */
export async function firstAdministrator(world, own, setUp) {
  const chief = await openPage(world.browser, own, LOOKS[0], { javaScript: false });
  const form = { code: setUp, name: 'Trần Thị Bình', email: 'binh@hue.gov.vn', password: PASSWORD };
  await send(chief.page, `${own}/hue/set-up`, form, 303);
  const offer = await send(chief.page, `${own}/hue/account`, { do: 'code-offer' }, 200);
  const ticket = between(offer, 'name="ticket" value="', '"');
  const confirm = { do: 'code-confirm', ticket, code: code(between(offer, '<code>', '<')) };
  await send(chief.page, `${own}/hue/account`, confirm, 200);
  return chief;
}

/** An account that has chosen a password; officials have a position in the unit. */
export async function account(chief, own, { email, kind, role, unit }) {
  const people = `${own}/hue/admin/people`;
  const opened = await send(chief.page, people, { name: 'Hồ Thị Một', kind, email, role, reason: REASON }, 200);
  const link = between(between(opened, '<code id="link">', '<'), 'link=', '"');
  await send(chief.page, `${own}/hue/recover`, { link, new: PASSWORD }, 200);
  if (!unit) return;
  const id = between(opened, 'admin&#x2f;people&#x2f;', '"');
  await send(chief.page, `${people}/${id}`, { do: 'give-position', title: 'Công chức', unit, reason: REASON }, 200);
}

/** A page on which somebody has signed in. */
export async function signIn(world, own, email, look) {
  const opened = await openPage(world.browser, own, look);
  await send(opened.page, `${own}/hue/sign-in`, { name: email, password: PASSWORD }, 303);
  return opened;
}
