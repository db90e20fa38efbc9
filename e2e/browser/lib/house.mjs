// An installation of its own: an empty graph, no feeds, at a name that browsers make passkeys for.

import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
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

/** Packs of its own: those that ship, so that a test can change them while the house is down. */
const PACKS = new URL('../../../packs', import.meta.url).pathname;

/**
 * Starts `dinh serve` in an empty folder; resolves when it is ready. `providers` are identity providers: objects with
 * `definition` (TOML) and `secret`; `config` is added to the configuration. `ownPacks` gives it a copy of the packs, which `change` may change. `code` is
 * the set-up code that it has printed; `again` stops it, lets the packs be changed and starts it anew at the same address.
 */
export async function startHouse({ providers = [], ownPacks = false, change, config: more = '' } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'dinh-house-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  let config = `data = "data"\nlisten = "127.0.0.1:${port}"\n`;
  if (ownPacks) {
    await cp(PACKS, join(folder, 'packs'), { recursive: true });
    await change?.(join(folder, 'packs'));
    config += 'packs = "packs"\n';
  }
  config += `\n[http]\npublic_url = "${url}"\n\n[feeds]\nenabled = false\n${more}`;
  for (const [at, provider] of providers.entries()) {
    await writeFile(join(folder, `provider-${at}.toml`), provider.definition);
    await writeFile(join(folder, `provider-${at}.secret`), provider.secret);
    config += `\n[[identity.providers]]\nfile = "provider-${at}.toml"\nsecret_file = "provider-${at}.secret"\n`;
  }
  await writeFile(join(folder, 'dinh.toml'), config);
  let running = await serve(folder, url, true);
  return {
    url,
    code: running.code,
    async again(change) {
      await running.stop();
      await change(join(folder, 'packs'));
      running = await serve(folder, url, false);
    },
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A server in a folder, ready; at its first start it prints a set-up code. */
async function serve(folder, url, first) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DINH_')));
  const child = spawn(process.env.DINH_BIN, ['serve'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (part) => (log = (log + part).slice(-20_000)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let code = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    code ||= /Set-up code: (\S+)/.exec(line)?.[1] ?? '';
  });
  const ready = async () => {
    if (child.exitCode !== null) throw new Error(`the house did not start: ${log}`);
    // Until it listens, there is nobody to ask.
    const answer = await fetch(`${url}/ready`).catch(() => null);
    return (!first || code !== '') && answer?.ok === true;
  };
  await until('the house is ready', START_LIMIT_MS, ready);
  return {
    code,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(kill, STOP_LIMIT_MS);
      await ended;
      clearTimeout(timer);
      process.off('exit', kill);
    },
  };
}
