// A wallet written with other people's libraries: it fetches a card (OpenID4VCI 1.0), finds it genuine, and shows it (OpenID4VP 1.0).

import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { SignJWT, createLocalJWKSet, exportJWK, importJWK, jwtVerify } from 'jose';

/** A wallet: a key, and the library that presents. */
export async function makeWallet() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { key: privateKey, jwk: await exportJWK(publicKey) };
}

const sha = (data) => new Uint8Array(createHash('sha256').update(data).digest());

/** OpenID4VCI: from the offer to the credential, which `@sd-jwt/sd-jwt-vc` and `jose` find genuine; a code is good once. */
export async function fetchCard(wallet, offer, unit) {
  const issuer = offer.credential_issuer;
  const { origin, pathname } = new URL(issuer);
  const known = async (name) => (await fetch(`${origin}/.well-known/${name}${pathname}`)).json();
  const [metadata, tokens, keysAt] = await Promise.all(['openid-credential-issuer', 'oauth-authorization-server', 'jwt-vc-issuer'].map(known));
  const grant = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
  const code = offer.grants[grant]['pre-authorized_code'];
  const redeem = () => fetch(tokens.token_endpoint, { method: 'POST', body: new URLSearchParams({ grant_type: grant, 'pre-authorized_code': code }) });
  const { access_token: token } = await (await redeem()).json();
  const again = await redeem();
  assert.equal(again.status, 400);
  assert.equal((await again.json()).error, 'invalid_grant');
  const { c_nonce: nonce } = await (await fetch(metadata.nonce_endpoint, { method: 'POST' })).json();
  const proof = await new SignJWT({ nonce })
    .setProtectedHeader({ alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk: wallet.jwk })
    .setAudience(issuer).setIssuedAt().sign(wallet.key);
  const answer = await fetch(metadata.credential_endpoint, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ credential_configuration_id: offer.credential_configuration_ids[0], proofs: { jwt: [proof] } }),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  const [{ credential }] = (await answer.json()).credentials;
  const { keys } = await (await fetch(keysAt.jwks_uri)).json();
  const plain = createLocalJWKSet({ keys });
  const { payload } = await jwtVerify(credential.split('~')[0], plain, { typ: 'dc+sd-jwt' });
  assert.deepEqual(payload.cnf.jwk, { kty: 'EC', crv: 'P-256', x: wallet.jwk.x, y: wallet.jwk.y });
  const list = await (await fetch(payload.status.status_list.uri)).text();
  const status = await jwtVerify(list, plain, { typ: 'statuslist+jwt' });
  assert.equal(status.payload.sub, payload.status.status_list.uri);
  const claims = await (await holderOf(wallet)).getClaims(credential);
  assert.equal(claims.unit, unit);
  return credential;
}

async function holderOf(wallet) {
  const key = await importJWK(wallet.key.export({ format: 'jwk' }), 'ES256');
  const sign = async (data) => {
    const bytes = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, Buffer.from(data));
    return Buffer.from(bytes).toString('base64url');
  };
  return new SDJwtVcInstance({ hasher: sha, hashAlg: 'sha-256', kbSigner: sign, kbSignAlg: 'ES256', saltGenerator: () => randomBytes(16).toString('base64url') });
}

/** The parameters of a request, as a wallet reads them from the address that it is opened with. */
export function requestOf(address) {
  const request = Object.fromEntries(new URL(address).searchParams);
  return { ...request, dcql_query: JSON.parse(request.dcql_query) };
}

/** OpenID4VP: the answer to a question, as a form: what was asked for, and nothing else. */
export async function present(wallet, credential, request) {
  const frame = Object.fromEntries(request.dcql_query.credentials[0].claims.map(({ path }) => [path[0], true]));
  const binding = { payload: { iat: Math.floor(Date.now() / 1_000), aud: request.client_id, nonce: request.nonce } };
  const shown = await (await holderOf(wallet)).present(credential, frame, { kb: binding });
  return new URLSearchParams({ state: request.state, vp_token: JSON.stringify({ card: [shown] }) });
}
