// CBOR (RFC 8949) as far as cards need it, read with bounds: what a QR holds was written by anybody.

export type Item = number | string | boolean | null | Uint8Array | Item[] | Map<Item, Item> | Tagged;

export class Tagged {
  constructor(
    readonly tag: number,
    readonly item: Item,
  ) {}
}

const DEEPEST = 16;
const MOST_MEMBERS = 256;

/** The one item that the bytes are; throws for anything else. */
export function decode(bytes: Uint8Array): Item {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error("cut off");
    at += length;
    return bytes.subarray(at - length, at);
  };
  const number = (info: number): number => {
    if (info < 24) return info;
    const from = at;
    take([1, 2, 4, 8][info - 24] ?? Infinity);
    if (info === 24) return view.getUint8(from);
    if (info === 25) return view.getUint16(from);
    if (info === 26) return view.getUint32(from);
    const large = Number(view.getBigUint64(from));
    if (!Number.isSafeInteger(large)) throw new Error("too large");
    return large;
  };
  const members = (count: number): number => {
    if (count > MOST_MEMBERS) throw new Error("too many");
    return count;
  };
  const item = (depth: number): Item => {
    if (depth > DEEPEST) throw new Error("too deep");
    const first = take(1)[0] ?? 0;
    const [major, info] = [first >> 5, first & 0x1f];
    if (major === 7) {
      if (info === 20 || info === 21) return info === 21;
      if (info === 22) return null;
      throw new Error("unknown");
    }
    const value = number(info);
    if (major === 0) return value;
    if (major === 1) return -1 - value;
    if (major === 2) return take(value);
    if (major === 3) return new TextDecoder("utf-8", { fatal: true }).decode(take(value));
    if (major === 4) return Array.from({ length: members(value) }, () => item(depth + 1));
    if (major === 6) return new Tagged(value, item(depth + 1));
    const map = new Map<Item, Item>();
    for (let left = members(value); left > 0; left--) {
      const key = item(depth + 1);
      if (map.has(key)) throw new Error("twice");
      map.set(key, item(depth + 1));
    }
    return map;
  };
  const whole = item(0);
  if (at !== bytes.length) throw new Error("goes on");
  return whole;
}

/** The bytes of a text or of bytes with their length before them. */
function sized(major: number, content: Uint8Array): Uint8Array {
  const length = content.length;
  const head = length < 24 ? [major | length] : length < 256 ? [major | 24, length] : [major | 25, length >> 8, length & 0xff];
  return Uint8Array.from([...head, ...content]);
}

/** What a COSE_Sign1 signature is over (RFC 9052, section 4.4). */
export function toBeSigned(header: Uint8Array, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const context = new TextEncoder().encode("Signature1");
  const parts = [sized(0x60, context), sized(0x40, header), sized(0x40, new Uint8Array()), sized(0x40, payload)];
  return Uint8Array.from([0x84, ...parts.flatMap((part) => [...part])]);
}
