// Verifying cards on the device, without network once the page was opened with one. Without this script the server verifies
// what is put in.

import { verify, type Verdict } from "./cards/card";
import { keep, load, type Known } from "./cards/known";
import type { StatusList } from "./cards/status";
import { fromCamera, fromPicture } from "./cards/scan";

const find = <E extends HTMLElement>(selector: string): E | null => document.querySelector<E>(selector);
const form = find<HTMLFormElement>("#verify-form");
const field = find<HTMLTextAreaElement>("#verify-text");
const result = find<HTMLElement>("#verify-result");
const freshness = find<HTMLElement>("#verify-fresh");

/** Words of the page, as the server wrote them. */
const word = (name: string): string => find(`#verify-words [data-word="${name}"]`)?.textContent ?? name;
const vietnamese = document.documentElement.lang !== "en";
const written = (how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(vietnamese ? "vi-VN" : "en-GB", { ...how, timeZone: "Asia/Ho_Chi_Minh" });
const [days, times] = [
  written({ day: "2-digit", month: vietnamese ? "2-digit" : "short", year: "numeric" }),
  written({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
];
/** A day and a moment as the server writes them: 20/11/2026, 14:05 20/11/2026. */
const day = (seconds: number): string => days.format(seconds * 1_000);
const moment = (seconds: number): string => {
  const time = times.format(seconds * 1_000);
  return vietnamese ? `${time} ${day(seconds)}` : `${day(seconds)}, ${time}`;
};

const published = { keys: form?.dataset["keys"] ?? "", status: form?.dataset["status"] ?? "" };
let known: Promise<Known> | null = null;
const knowing = (): Promise<Known> => (known ??= load(published).catch(() => ({ keys: [], lists: [], missing: 0 })));

function tellFreshness({ keys, lists, missing }: Known): void {
  if (!freshness) return;
  const now = Date.now() / 1_000;
  // The oldest list is told of: which one a card needs is known only once it is scanned.
  const oldest = lists.reduce<StatusList | null>((old, list) => (old && old.issued <= list.issued ? old : list), null);
  const age = () => (!oldest ? "no-list" : now >= oldest.expires ? "over" : now >= oldest.issued + oldest.ttl ? "stale" : "fresh");
  const state = keys.length === 0 ? "no-keys" : age();
  freshness.dataset["state"] = state;
  const said = word(`list-${state}`).replace("{when}", oldest ? moment(oldest.issued) : "");
  freshness.textContent = oldest && missing > 0 ? `${said} ${word("list-some")}` : said;
  freshness.hidden = false;
}

function row(list: HTMLElement, title: string, text: string): void {
  const [term, fact] = [document.createElement("dt"), document.createElement("dd")];
  term.textContent = word(title);
  fact.textContent = text;
  list.append(term, fact);
}

const TONES: Record<string, string> = { valid: "ok", suspended: "warn", expired: "warn", "not-yet": "warn", "unknown-standing": "warn" };

function show(verdict: Verdict): void {
  if (!result) return;
  result.className = `verdict ${TONES[verdict.outcome] ?? "danger"}`;
  result.dataset["outcome"] = verdict.outcome;
  const icon = find<HTMLTemplateElement>(`#verify-icon-${TONES[verdict.outcome] ?? "danger"}`);
  const title = document.createElement("h2");
  if (icon) title.append(icon.content.cloneNode(true));
  title.append(word(verdict.outcome));
  const lead = document.createElement("p");
  lead.textContent = word(`${verdict.outcome}-means`);
  result.replaceChildren(title, lead);
  const { card } = verdict;
  if (card) {
    const facts = document.createElement("dl");
    facts.className = "facts";
    row(facts, "kind", word(`kind-${card.kind}`));
    row(facts, "name", card.name);
    if (card.unit) row(facts, "unit", card.unit);
    if (card.position) row(facts, "position", card.position);
    row(facts, "serial", String(card.serial).padStart(6, "0"));
    row(facts, "issued", day(card.issued));
    row(facts, "expires", day(card.expires));
    result.append(facts);
    const proves = document.createElement("p");
    proves.className = "hint";
    proves.textContent = word("proves");
    result.append(proves);
  }
  if (verdict.stale && verdict.outcome === "valid") {
    const warning = document.createElement("p");
    warning.className = "notice warn";
    warning.textContent = word("list-stale").replace("{when}", moment(verdict.listed ?? 0));
    result.append(warning);
  }
  comparePicture(verdict);
  result.hidden = false;
  result.focus();
}

const picture = find<HTMLInputElement>("#verify-photo");
const compared = find<HTMLElement>("#verify-photo-said");
let expected: Uint8Array | null = null;

function comparePicture(verdict: Verdict): void {
  expected = verdict.card?.photo ?? null;
  const room = find<HTMLElement>("#verify-photo-room");
  if (room) room.hidden = !expected;
  if (compared) compared.textContent = "";
}

picture?.addEventListener("change", async () => {
  const file = picture.files?.[0];
  if (!file || !expected || !compared) return;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const same = expected.every((byte, at) => byte === digest[at]);
  compared.dataset["same"] = String(same);
  compared.textContent = word(same ? "photo-same" : "photo-other");
});

/** When a picture was chosen, for measurements. */
let chosen = 0;

async function judge(text: string): Promise<void> {
  const { keys, lists } = await knowing();
  const begun = performance.now();
  const verdict = await verify(text, keys, lists, Math.floor(Date.now() / 1_000));
  show(verdict);
  if (!result) return;
  result.dataset["milliseconds"] = (performance.now() - begun).toFixed(1);
  result.dataset["sincePicture"] = (performance.now() - chosen).toFixed(1);
}

if (form && field && "subtle" in (crypto ?? {}) && "DecompressionStream" in globalThis) {
  void knowing().then(tellFreshness);
  const worker = form.dataset["worker"];
  if (worker && "serviceWorker" in navigator) {
    const scope = location.pathname;
    navigator.serviceWorker.register(worker, { scope }).then(
      async () => {
        await navigator.serviceWorker.ready;
        await keep(published, await knowing());
        document.documentElement.dataset["offline"] = "ready";
      },
      () => undefined,
    );
  }
  form.addEventListener("submit", (event) => {
    // The printed QR without a signature is looked up by the server.
    if (!field.value.trim().startsWith("DINH1:")) return;
    event.preventDefault();
    void judge(field.value);
  });
  const upload = find<HTMLInputElement>("#verify-picture");
  upload?.addEventListener("change", async () => {
    const file = upload.files?.[0];
    if (!file) return;
    chosen = performance.now();
    const text = await fromPicture(file).catch(() => null);
    const said = find<HTMLElement>("#verify-picture-said");
    if (said) said.textContent = text ? "" : word("no-qr");
    if (text) found(text);
  });
  camera();
  for (const hidden of document.querySelectorAll<HTMLElement>("[data-with-script]")) hidden.hidden = false;
}

function found(text: string): void {
  if (!field || !form) return;
  field.value = text;
  form.requestSubmit();
}

function camera(): void {
  const button = find<HTMLButtonElement>("#verify-camera");
  const video = find<HTMLVideoElement>("#verify-video");
  if (!button || !video || !navigator.mediaDevices) {
    button?.remove();
    return;
  }
  let looking: AbortController | null = null;
  button.addEventListener("click", async () => {
    if (looking) {
      looking.abort();
      return;
    }
    looking = new AbortController();
    button.textContent = word("camera-stop");
    video.hidden = false;
    const said = find<HTMLElement>("#verify-picture-said");
    try {
      const text = await fromCamera(video, looking.signal);
      if (text) found(text);
    } catch {
      if (said) said.textContent = word("no-camera");
    } finally {
      looking = null;
      video.hidden = true;
      button.textContent = word("camera-start");
    }
  });
}
