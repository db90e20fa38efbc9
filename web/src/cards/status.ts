// The status list (IETF Token Status List, as JWT): which cards are revoked or suspended.

import { inflate, type IssuerKey } from "./card";

/** Cards of one list: which one a card is in is told by its serial number. */
export const A_LIST = 1 << 20;
/** Most bytes that a list is unpacked to. */
const LONGEST = 4 << 20;

/** Which list, and where on its host it is published. */
export interface Place {
  number: number;
  path: string;
}

export interface StatusList extends Place {
  issued: number;
  ttl: number;
  expires: number;
  /** The number of a card; undefined for one that has no place in this list. */
  get(serial: number): number | undefined;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** The list of a JWT, once a key of the issuer has signed it for this place; throws otherwise. */
export async function believed(jwt: string, keys: IssuerKey[], { number, path }: Place): Promise<StatusList> {
  const [head = "", body = "", signature = ""] = jwt.trim().split(".");
  const json = (part: string) => JSON.parse(new TextDecoder().decode(bytes(part)));
  const [header, claims] = [json(head), json(body)];
  if (header.alg !== "ES256" || header.typ !== "statuslist+jwt" || header.crit) throw new Error("header");
  const issuer = keys.find((key) => key.kid === header.kid);
  const inTime = issuer && issuer.from <= claims.iat && (issuer.until === undefined || claims.iat <= issuer.until);
  if (!issuer || !inTime) throw new Error("unknown issuer");
  // Another list of the same issuer, put in the place of this one, would tell of other cards.
  if (!new URL(claims.sub).pathname.endsWith(path)) throw new Error("another list");
  const over = new TextEncoder().encode(`${head}.${body}`);
  const how = { name: "ECDSA", hash: "SHA-256" };
  if (!(await crypto.subtle.verify(how, issuer.key, bytes(signature), over))) throw new Error("signature");
  const { bits, lst } = claims.status_list;
  if (![1, 2, 4, 8].includes(bits)) throw new Error("bits");
  const list = await inflate(bytes(lst), LONGEST);
  const mask = (1 << bits) - 1;
  return {
    number,
    path,
    issued: claims.iat,
    ttl: claims.ttl,
    expires: claims.exp,
    get(serial) {
      if (Math.floor(serial / A_LIST) !== number) return undefined;
      const bit = (serial % A_LIST) * bits;
      const byte = list[Math.floor(bit / 8)];
      return byte === undefined ? undefined : (byte >> (bit % 8)) & mask;
    },
  };
}
