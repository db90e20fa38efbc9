// A certification authority as openssl makes one: for houses that believe it because their configuration says so.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A new one; none where there is no openssl. `config` makes a house trust it, `certify` answers requests for certificates. */
export async function startAuthority() {
  const folder = await mkdtemp(join(tmpdir(), 'dinh-authority-'));
  const openssl = (line) => run('openssl', line.split(' '), { cwd: folder });
  await writeFile(join(folder, 'leaf.cnf'), 'basicConstraints = critical, CA:FALSE\nkeyUsage = critical, digitalSignature, nonRepudiation\n');
  await writeFile(join(folder, 'trust.toml'), '[[authority]]\nfile = "root.pem"\nfrom = "2020-01-01"\nsource = "Quyết định thử"\n');
  await openssl('req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 3650 -subj /C=VN/CN=Root -addext keyUsage=critical,keyCertSign,cRLSign');
  // What judges signatures in the tests (pdfsig, by NSS) believes the root too, where NSS's tools are installed.
  const nss = join(folder, 'nss');
  await mkdir(nss);
  const believes = await run('certutil', ['-N', '-d', `sql:${nss}`, '--empty-password'])
    .then(() => run('certutil', ['-A', '-d', `sql:${nss}`, '-n', 'root', '-t', 'CT,C,C', '-i', join(folder, 'root.pem')]))
    .then(() => true, () => false);
  return {
    nss: believes ? nss : null,
    config: `\n[signing]\ntrust = ${JSON.stringify(join(folder, 'trust.toml'))}\n`,
    async certify(request) {
      await writeFile(join(folder, 'leaf.csr'), request);
      await openssl('x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 300 -extfile leaf.cnf -out leaf.pem');
      return readFile(join(folder, 'leaf.pem'));
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What pdfsig says of a file and of the certificates in it, believing `authority`; none where it or NSS's tools are not installed. */
export async function pdfsig(pdf, authority) {
  const folder = await mkdtemp(join(tmpdir(), 'dinh-signed-'));
  await writeFile(join(folder, 'signed.pdf'), pdf);
  const judge = () => run('pdfsig', ['-nssdir', authority.nss, 'signed.pdf'], { cwd: folder });
  const said = await (authority.nss ? judge() : Promise.reject({ code: 'ENOENT' })).catch((error) => {
    if (error.code !== 'ENOENT') return error;
    console.error('SKIPPED: another judge of signatures, pdfsig (poppler-utils) with certutil (libnss3-tools)');
    return null;
  });
  await rm(folder, { recursive: true });
  return said?.stdout ?? null;
}
