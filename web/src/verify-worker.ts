// Keeps the page that verifies cards, with its files, the issuer's keys and the status list, for when there is no network.
// What is fresh comes first; what was kept is used when nothing else comes.

import { KEPT, replace } from "./cards/kept";

interface Waiting extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Asked extends Waiting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(name: string, listener: (event: never) => void): void;
}

const worker = self as unknown as Worker;
/** How long the network is waited for, in milliseconds. */
const PATIENCE = 4_000;

worker.addEventListener("install", (event: Waiting) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event: Waiting) => event.waitUntil(begin()));

/** Takes the page over, and drops what earlier workers have kept in another form. */
async function begin(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith("cards-") && name !== KEPT) await caches.delete(name);
  await worker.clients.claim();
}

async function fresh(request: Request): Promise<Response> {
  const kept = await caches.open(KEPT);
  try {
    // A navigation must be fetched as it is: its request takes no signal.
    const tooLong = new Promise<never>((_, refuse) => setTimeout(() => refuse(new Error("too slow")), PATIENCE));
    const answer = await Promise.race([fetch(request), tooLong]);
    if (answer.ok && !answer.redirected) await replace(kept, request.url, answer.clone());
    return answer;
  } catch (error) {
    const known = await kept.match(request, { ignoreVary: true });
    if (known) return known;
    throw error;
  }
}

async function once(request: Request): Promise<Response> {
  const kept = await caches.open(KEPT);
  const known = await kept.match(request, { ignoreVary: true });
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await replace(kept, request.url, answer.clone());
  return answer;
}

worker.addEventListener("fetch", (event: Asked) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (path.startsWith("/assets/")) event.respondWith(once(request));
  else if (path.endsWith("/verify") || /\/cards\/(keys|status)(\/\d+)?$/.test(path)) event.respondWith(fresh(request));
  else if (path.endsWith("/colours.css")) event.respondWith(fresh(request));
});
