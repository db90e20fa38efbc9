// A USB token as SoftHSM plays it, and the agent that signs with it for a page.

import { execFile, spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LIBRARIES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so', '/usr/lib64/pkcs11/libsofthsm2.so'];

async function first(files) {
  for (const file of files) if (await access(file).then(() => true, () => false)) return file;
  return null;
}

/**
 * A token with one key, whose certificate is by `authority`; null where what makes one is not installed. `certificate` is the
 * certificate (PEM), `agent(site)` starts the agent for a site.
 */
export async function makeToken(authority, name) {
  const library = await first(LIBRARIES);
  const tools = await Promise.all([run('certutil', ['-H']).catch((error) => error), run('modutil', ['-H']).catch((error) => error)]);
  if (!library || tools.some((one) => one.code === 'ENOENT')) {
    console.error('SKIPPED: signing with a token: SoftHSM, or certutil and modutil (libnss3-tools), are not here');
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), 'dinh-token-'));
  const env = { ...Object.fromEntries(Object.entries(process.env).filter(([one]) => !one.startsWith('DINH_'))), SOFTHSM2_CONF: join(folder, 'softhsm2.conf') };
  const at = (program, line) => run(program, line.split(' '), { cwd: folder, env });
  for (const inner of ['tokens', 'nss']) await mkdir(join(folder, inner));
  await writeFile(join(folder, 'softhsm2.conf'), `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\n`);
  await writeFile(join(folder, 'pin'), '2468\n', { mode: 0o600 });
  await run('openssl', ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'key.csr', '-utf8', '-subj', `/C=VN/CN=${name}`], { cwd: folder });
  const certificate = await authority.certify(await readFile(join(folder, 'key.csr')));
  await writeFile(join(folder, 'cert.pem'), certificate);
  await at('softhsm2-util', '--init-token --free --label dinh --pin 2468 --so-pin 13579');
  await at('softhsm2-util', '--import key.pem --token dinh --label key --id 01 --pin 2468');
  await at('certutil', '-N -d sql:nss --empty-password');
  await at('modutil', `-dbdir sql:nss -add soft -libfile ${library} -force`);
  await at('certutil', '-A -d sql:nss -h dinh -n dinh:one -t ,, -i cert.pem -f pin');
  const running = [];
  return {
    certificate,
    async agent(site) {
      const given = ['token-agent', '--library', library, '--token', 'dinh', '--site', site, '--listen', '127.0.0.1:0', '--pin-file', 'pin'];
      const child = spawn(process.env.DINH_BIN, given, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
      running.push(child);
      process.once('exit', () => child.kill('SIGKILL'));
      const told = { says: '' };
      child.stderr.on('data', (part) => (told.says += part));
      for await (const line of createInterface({ input: child.stdout })) {
        told.url ??= /^Đình: (\S+)/.exec(line)?.[1];
        told.code = /pairing code: (\S+)/.exec(line)?.[1];
        if (told.code) return Object.assign(told, { port: new URL(told.url).port });
      }
      throw new Error(`the agent did not start: ${told.says}`);
    },
    async stop() {
      for (const child of running) child.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
