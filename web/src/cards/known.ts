// What a device knows of the cards of a province: the issuer's keys and the status lists.

import { prepare, type IssuerKey } from "./card";
import { KEPT, replace } from "./kept";
import { ready } from "./scan";
import { believed, type StatusList } from "./status";

/** Most status lists that a device carries: some sixty million cards. */
const MOST = 64;
const JWT = "application/statuslist+jwt";

export interface Known {
  keys: IssuerKey[];
  lists: StatusList[];
  /** How many lists there are that could not be had. */
  missing: number;
}

/** Where keys and lists are published, on this host. */
export interface Published {
  keys: string;
  status: string;
}

/** The paths of all lists, with their numbers, as the issuer tells them. */
async function told(at: string): Promise<[number, string][]> {
  const { status_lists: addresses } = await (await fetch(at)).json();
  const numbers = addresses.slice(0, MOST).map((address: string) => Number(address.split("/").pop()));
  return numbers.filter(Number.isInteger).map((number: number) => [number, `${at}/${number}`]);
}

async function one([number, path]: [number, string], keys: IssuerKey[]): Promise<StatusList> {
  const answer = await fetch(path, { headers: { accept: JWT } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return believed(await answer.text(), keys, { number, path });
}

/** Fetches all of it, or takes what the worker has kept. */
export async function load({ keys: keysAt, status }: Published): Promise<Known> {
  const keys = await prepare((await (await fetch(keysAt)).json()).keys);
  // Before the first card there is neither a key nor a list.
  if (keys.length === 0) return { keys, lists: [], missing: 0 };
  // Without a list a card can be genuine, but not known to hold.
  const paths = await told(status).catch(() => null);
  if (!paths) return { keys, lists: [], missing: 1 };
  const asked = await Promise.allSettled(paths.map((path) => one(path, keys)));
  const lists = asked.flatMap((list) => (list.status === "fulfilled" ? [list.value] : []));
  return { keys, lists, missing: paths.length - lists.length };
}

/** The edition of the page that a file is of: all of them lie in one folder, which carries the hash of what is in it. */
const edition = (name: string): string => /\/assets\/([^/]+)\//.exec(name)?.[1] ?? "";

/** Waits until the worker sees what this page fetches, for a few seconds at most. */
function controlled(): Promise<void> {
  const { serviceWorker } = navigator;
  if (serviceWorker.controller) return Promise.resolve();
  return new Promise((go) => {
    serviceWorker.addEventListener("controllerchange", () => go(), { once: true });
    setTimeout(go, 3_000);
  });
}

/** Keeps what the page is made of and what it knows: the worker was not there yet when it was loaded. */
export async function keep({ keys, status }: Published, { lists }: Known): Promise<void> {
  const kept = await caches.open(KEPT);
  await controlled();
  // What reads a picture is loaded only when a picture is read; by then there may be no network. The worker keeps it as it passes.
  await ready().catch(() => undefined);
  const own = (address: string) => new URL(address, location.href).origin === location.origin;
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name).filter(own);
  const page = loaded.filter((name) => /\/assets\/|\/colours\.css/.test(name));
  const needed = [...page, location.pathname, keys, status, ...lists.map(({ path }) => path)];
  const taken = await Promise.allSettled(
    needed.map(async (name) => {
      const answer = await fetch(name, { headers: { accept: name.startsWith(`${status}/`) ? JWT : "*/*" } });
      if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
      await replace(kept, name, answer);
    }),
  );
  if (taken.some(({ status }) => status === "rejected")) return;
  // Once everything new is there, what an older edition of the page was made of may go: it lies in another folder.
  const editions = new Set(page.map(edition));
  for (const { url } of await kept.keys()) {
    if (url.includes("/assets/") && !editions.has(edition(url))) await kept.delete(url, { ignoreVary: true });
  }
}
