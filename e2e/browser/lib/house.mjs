// An installation of its own: an empty graph, no feeds, at a name that browsers make passkeys for.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.mjs';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

/** A port that was free a moment ago: browsers must be told the address before the server is there. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts `dinh serve` in an empty folder; resolves when it is ready. `providers` are identity providers: objects with
 * `definition` (TOML) and `secret`; `config` is added to the configuration. `code` is the set-up code that it has printed.
 */
export async function startHouse({ providers = [], config: more = '' } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'dinh-house-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  let config = `data = "data"\nlisten = "127.0.0.1:${port}"\n\n[http]\npublic_url = "${url}"\n\n[feeds]\nenabled = false\n${more}`;
  for (const [at, provider] of providers.entries()) {
    await writeFile(join(folder, `provider-${at}.toml`), provider.definition);
    await writeFile(join(folder, `provider-${at}.secret`), provider.secret);
    config += `\n[[identity.providers]]\nfile = "provider-${at}.toml"\nsecret_file = "provider-${at}.secret"\n`;
  }
  await writeFile(join(folder, 'dinh.toml'), config);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DINH_')));
  const child = spawn(process.env.DINH_BIN, ['serve'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (part) => (log = (log + part).slice(-20_000)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.once('exit', () => child.kill('SIGKILL'));
  let code = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    code ||= /Set-up code: (\S+)/.exec(line)?.[1] ?? '';
  });
  await until('the house is ready', START_LIMIT_MS, async () => code !== '' && (await fetch(`${url}/ready`)).ok);

  return {
    url,
    code,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await ended;
      clearTimeout(timer);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
