// Verifying a card on the device: base45, zlib, CBOR, COSE, ES256, times, status list. The server's `dinh-credentials` does the
// same; the tests of the browser hold one against the other.

import { fromBase45 } from "./base45";
import { decode, Tagged, toBeSigned, type Item } from "./cbor";
import type { StatusList } from "./status";

export const PREFIX = "DINH1:";
const LONGEST = 2_000;
const LONGEST_UNPACKED = 4_096;
/** How far clocks may be apart, in seconds. */
const LEEWAY = 60;
const CARD = -65_537;

export type Outcome =
  | "valid"
  | "revoked"
  | "suspended"
  | "expired"
  | "not-yet"
  | "unknown-issuer"
  | "forged"
  | "not-a-card"
  | "unknown-standing";

export interface Card {
  kind: number;
  serial: number;
  name: string;
  unit: string;
  position: string;
  photo: Uint8Array | null;
  issued: number;
  expires: number;
}

export interface Verdict {
  outcome: Outcome;
  card?: Card;
  /** True if the status list should have been fetched anew by now. */
  stale?: boolean;
  /** When the status list was made, in seconds since 1970. */
  listed?: number;
}

/** A key of the issuer, as it is published. */
export interface Jwk extends JsonWebKey {
  kid: string;
  nbf: number;
  exp?: number;
}

export interface IssuerKey {
  short: string;
  kid: string;
  from: number;
  until: number | undefined;
  key: CryptoKey;
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Keys ready to verify with. */
export async function prepare(jwks: Jwk[]): Promise<IssuerKey[]> {
  return Promise.all(
    jwks.map(async (jwk) => {
      const { kty, crv, x, y } = jwk;
      const key = await crypto.subtle.importKey(
        "jwk",
        { kty, crv, x, y } as JsonWebKey,
        { name: "ECDSA", namedCurve: "P-256" },
        false,
        ["verify"],
      );
      // The thumbprint (RFC 7638) names the key; its first bytes stand in the QR.
      const text = new TextEncoder().encode(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`);
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
      return { short: hex(digest.subarray(0, 4)), kid: jwk.kid, from: jwk.nbf, until: jwk.exp, key };
    }),
  );
}

/** Unpacks zlib, at most so many bytes. */
export async function inflate(packed: Uint8Array<ArrayBuffer>, most: number): Promise<Uint8Array> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new Error("too long");
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const get = (map: Item | undefined, key: number): Item | undefined => (map instanceof Map ? map.get(key) : undefined);

function read(payload: Uint8Array): Card {
  const claims = decode(payload);
  const [expires, issued, card] = [get(claims, 4), get(claims, 6), get(claims, CARD)];
  if (!Array.isArray(card) || card.length !== 7 || card[0] !== 1) throw new Error("card");
  const [, kind, serial, name, unit, position, photo] = card;
  const numbers = [kind, serial, issued, expires];
  const texts = [name, unit, position];
  if (!numbers.every((one) => typeof one === "number") || !texts.every((one) => typeof one === "string")) {
    throw new Error("card");
  }
  if (photo !== null && !(photo instanceof Uint8Array && photo.length === 12)) throw new Error("card");
  return { kind, serial, name, unit, position, photo, issued, expires } as Card;
}

async function opened(text: string): Promise<{ protected: Uint8Array; payload: Uint8Array; signature: Uint8Array; kid: string }> {
  if (text.length > LONGEST || !text.startsWith(PREFIX)) throw new Error("prefix");
  const message = decode(await inflate(fromBase45(text.slice(PREFIX.length)), LONGEST_UNPACKED));
  const parts = message instanceof Tagged && message.tag === 18 ? message.item : null;
  if (!Array.isArray(parts) || parts.length !== 4) throw new Error("parts");
  const [header, , payload, signature] = parts;
  if (!(header instanceof Uint8Array && payload instanceof Uint8Array && signature instanceof Uint8Array)) throw new Error("parts");
  const fields = decode(header);
  const kid = get(fields, 4);
  if (get(fields, 1) !== -7 || get(fields, 2) !== undefined || !(kid instanceof Uint8Array)) throw new Error("header");
  return { protected: header, payload, signature, kid: hex(kid) };
}

/** What is to be said of the text of a QR at a moment, in seconds since 1970. */
export async function verify(text: string, keys: IssuerKey[], lists: StatusList[], now: number): Promise<Verdict> {
  let signed;
  try {
    signed = await opened(text.replace(/^\s+/, "").replace(/[\r\n\t]+$/, ""));
  } catch {
    return { outcome: "not-a-card" };
  }
  const named = keys.filter((key) => key.short === signed.kid);
  if (named.length === 0) return { outcome: "unknown-issuer" };
  const over = toBeSigned(signed.protected, signed.payload);
  for (const { key, from, until } of named) {
    const how = { name: "ECDSA", hash: "SHA-256" };
    if (!(await crypto.subtle.verify(how, key, Uint8Array.from(signed.signature), over))) continue;
    try {
      const card = read(signed.payload);
      const inTime = from <= card.issued && (until === undefined || card.issued <= until);
      return inTime ? standing(card, lists, now) : { outcome: "forged" };
    } catch {
      return { outcome: "not-a-card" };
    }
  }
  return { outcome: "forged" };
}

function standing(card: Card, lists: StatusList[], now: number): Verdict {
  if (card.expires <= now) return { outcome: "expired", card };
  if (now + LEEWAY < card.issued) return { outcome: "not-yet", card };
  // A revocation is told by an old list as well as by a new one; that a card holds only by one that may be believed.
  const list = lists.find((one) => one.get(card.serial) !== undefined);
  const status = list?.get(card.serial);
  const told = { card, listed: list?.issued ?? 0, stale: list ? now >= list.issued + list.ttl : true };
  if (status === 1) return { outcome: "revoked", ...told };
  if (status === 2) return { outcome: "suspended", ...told };
  if (status !== 0 || !list || now >= list.expires) return { outcome: "unknown-standing", ...told };
  return { outcome: "valid", ...told };
}
