// Base45 (RFC 9285): the characters that a QR packs best, as bytes.

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** The bytes of a text; throws for a text that no bytes are written as. */
export function fromBase45(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const digits = [...text.slice(at, at + 3)].map((sign) => ALPHABET.indexOf(sign));
    if (digits.length < 2 || digits.includes(-1)) throw new Error("base45");
    const number = digits.reduce((sum, digit, place) => sum + digit * 45 ** place, 0);
    if (number > (digits.length === 3 ? 0xffff : 0xff)) throw new Error("base45");
    if (digits.length === 3) bytes.push(number >> 8);
    bytes.push(number & 0xff);
  }
  return Uint8Array.from(bytes);
}
