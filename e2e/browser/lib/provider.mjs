// An identity provider (OpenID Connect Core 1.0 with PKCE, RFC 7636) whose person is signed in already and agrees.

import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const CLIENT = 'dinh';
const SECRET = 'a secret that the provider knows';
const base64 = (text) => Buffer.from(text).toString('base64url');

/** Starts it on a free port. `person` holds the claims of whoever sits at the browser. */
export async function startProvider(person) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map();
  let issuer = '';

  const signed = (claims) => {
    const head = base64(JSON.stringify({ alg: 'RS256', typ: 'JWT', kid: 'one' }));
    const message = `${head}.${base64(JSON.stringify(claims))}`;
    return `${message}.${createSign('RSA-SHA256').update(message).sign(privateKey, 'base64url')}`;
  };
  const json = (response, status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const authorize = (response, asked) => {
    const code = randomUUID();
    codes.set(code, asked);
    const back = new URL(asked.get('redirect_uri'));
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state'));
    back.searchParams.set('iss', issuer);
    response.writeHead(302, { location: back.href });
    response.end();
  };
  const token = (response, form, headers) => {
    const asked = codes.get(form.get('code'));
    codes.delete(form.get('code'));
    const known = `Basic ${Buffer.from(`${CLIENT}:${new URLSearchParams({ s: SECRET }).toString().slice(2)}`).toString('base64')}`;
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    const right = asked && challenge === asked.get('code_challenge') && form.get('redirect_uri') === asked.get('redirect_uri');
    if (headers.authorization !== known || !right) return json(response, 400, { error: 'invalid_grant' });
    const now = Math.floor(Date.now() / 1000);
    const claims = { ...person, iss: issuer, aud: CLIENT, iat: now, exp: now + 300, nonce: asked.get('nonce') };
    return json(response, 200, { access_token: 'a', token_type: 'Bearer', expires_in: 300, id_token: signed(claims) });
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, issuer);
    let body = '';
    for await (const part of request) body += part;
    const at = (path) => `${issuer}/${path}`;
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(response, 200, {
          issuer,
          authorization_endpoint: at('authorize'),
          token_endpoint: at('token'),
          jwks_uri: at('keys'),
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          authorization_response_iss_parameter_supported: true,
        });
      case '/keys':
        return json(response, 200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] });
      case '/authorize':
        return authorize(response, url.searchParams);
      case '/token':
        return token(response, new URLSearchParams(body), request.headers);
      default:
        return json(response, 404, {});
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${server.address().port}`;
  const definition = `
name = "sso"
title = { vi = "Tài khoản cán bộ của tỉnh", en = "Provincial staff account" }
issuer = "${issuer}"
client_id = "${CLIENT}"
client_auth = "basic"
scopes = ["profile", "email"]
opens_accounts = true

[claims]
name = "name"
email = "email"
`;
  return { issuer, definition, secret: SECRET, stop: () => new Promise((resolve) => server.close(resolve)) };
}
