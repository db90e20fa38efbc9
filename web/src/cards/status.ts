// The status list (IETF Token Status List, as JWT): which cards are revoked or suspended.

import { inflate, type IssuerKey } from "./card";

/** Most bytes that a list is unpacked to. */
const LONGEST = 4 << 20;

export interface StatusList {
  issued: number;
  ttl: number;
  expires: number;
  /** The number at a place; undefined beyond the end. */
  get(serial: number): number | undefined;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** The list of a JWT, once a key of the issuer has signed it; throws otherwise. */
export async function believed(jwt: string, keys: IssuerKey[]): Promise<StatusList> {
  const [head = "", body = "", signature = ""] = jwt.trim().split(".");
  const json = (part: string) => JSON.parse(new TextDecoder().decode(bytes(part)));
  const [header, claims] = [json(head), json(body)];
  if (header.alg !== "ES256" || header.typ !== "statuslist+jwt" || header.crit) throw new Error("header");
  const issuer = keys.find((key) => key.kid === header.kid);
  const inTime = issuer && issuer.from <= claims.iat && (issuer.until === undefined || claims.iat <= issuer.until);
  if (!issuer || !inTime) throw new Error("unknown issuer");
  const over = new TextEncoder().encode(`${head}.${body}`);
  const how = { name: "ECDSA", hash: "SHA-256" };
  if (!(await crypto.subtle.verify(how, issuer.key, bytes(signature), over))) throw new Error("signature");
  const { bits, lst } = claims.status_list;
  if (![1, 2, 4, 8].includes(bits)) throw new Error("bits");
  const list = await inflate(bytes(lst), LONGEST);
  const mask = (1 << bits) - 1;
  return {
    issued: claims.iat,
    ttl: claims.ttl,
    expires: claims.exp,
    get(serial) {
      const bit = serial * bits;
      const byte = list[Math.floor(bit / 8)];
      return byte === undefined ? undefined : (byte >> (bit % 8)) & mask;
    },
  };
}
