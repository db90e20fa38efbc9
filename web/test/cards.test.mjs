// Cards are verified on the device as the standards and the server say.
import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "esbuild";

async function load(entry) {
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: "esm", write: false });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

const [{ fromBase45 }, { decode, Tagged }, { prepare, verify }, { believed }] = await Promise.all(
  ["src/cards/base45.ts", "src/cards/cbor.ts", "src/cards/card.ts", "src/cards/status.ts"].map(load),
);
const unhex = (text) => Uint8Array.from(Buffer.from(text, "hex"));

test("base45 as in RFC 9285", () => {
  const read = (text) => Buffer.from(fromBase45(text)).toString();
  assert.equal(read("BB8"), "AB");
  assert.equal(read("%69 VD92EX0"), "Hello!!");
  assert.equal(read("QED8WEX0"), "ietf!");
  for (const wrong of ["GGW", "::", "A", "abc", "BB8\n"]) assert.throws(() => fromBase45(wrong), undefined, wrong);
});

test("CBOR as in RFC 8949", () => {
  assert.equal(decode(unhex("1a000f4240")), 1_000_000);
  assert.equal(decode(unhex("3903e7")), -1000);
  assert.equal(decode(unhex("1b000000e8d4a51000")), 1_000_000_000_000);
  assert.deepEqual(decode(unhex("8201820203")), [1, [2, 3]]);
  assert.deepEqual(decode(unhex("c11a514b67b0")), new Tagged(1, 1363896240));
  for (const wrong of ["19", "0000", "9f01ff", "f93c00", "81".repeat(40), "a201020103", "61ff", ""]) {
    assert.throws(() => decode(unhex(wrong)), undefined, wrong);
  }
});

test("what is no card is said to be none, and a stranger's key is not believed", async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const jwk = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const keys = await prepare([{ ...jwk, kid: "a", nbf: 0 }]);
  for (const text of ["", "DINH1:", "DINH1:BB8", "https://example.com", "A".repeat(3_000)]) {
    assert.equal((await verify(text, keys, [], 0)).outcome, "not-a-card", text);
  }
  const part = (json) => Buffer.from(JSON.stringify(json)).toString("base64url");
  const sign = async (header, claims) => {
    const over = `${part(header)}.${part(claims)}`;
    const bytes = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, Buffer.from(over));
    return `${over}.${Buffer.from(bytes).toString("base64url")}`;
  };
  // The example of the draft, section 4.2: 1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3.
  const place = { number: 0, path: "/api/v1/hue/cards/status/0" };
  const claims = { sub: `https://dinh.example${place.path}`, iat: 10, exp: 30, ttl: 5, status_list: { bits: 2, lst: "eNo76fITAAPfAgc" } };
  const header = { alg: "ES256", typ: "statuslist+jwt", kid: "a" };
  const list = await believed(await sign(header, claims), keys, place);
  assert.deepEqual(Array.from({ length: 12 }, (_, at) => list.get(at)), [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
  assert.equal(list.get(12), undefined, "beyond the end nothing is valid");
  await assert.rejects(async () => believed(await sign({ ...header, kid: "b" }, claims), keys, place));
  await assert.rejects(async () => believed(await sign({ ...header, typ: "JWT" }, claims), keys, place));
  await assert.rejects(async () => believed((await sign(header, claims)).replace(/.$/, (end) => (end === "A" ? "B" : "A")).slice(0, -4) + "AAAA", keys, place));
  // The second list tells of the cards after the first 1,048,576, and is not believed in the place of the first.
  const second = { number: 1, path: "/api/v1/hue/cards/status/1" };
  const signed = await sign(header, { ...claims, sub: `https://dinh.example${second.path}` });
  await assert.rejects(async () => believed(signed, keys, place));
  const further = await believed(signed, keys, second);
  assert.deepEqual([0, 1, 1_048_575].map((serial) => further.get(serial)), [undefined, undefined, undefined]);
  assert.deepEqual([1_048_576, 1_048_577, 1_048_578].map((serial) => further.get(serial)), [1, 2, 0]);
});
