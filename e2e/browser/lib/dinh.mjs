// The demo, started from the shipped binary on a free port, and ended with the tests.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.mjs';

const START_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 15_000;

/** Starts `dinh demo` in an empty folder; resolves when it is ready. */
export async function startDemo() {
  const binary = process.env.DINH_BIN;
  if (!binary) throw new Error('DINH_BIN names no binary; run: make test ONLY=browser');
  const folder = await mkdtemp(join(tmpdir(), 'dinh-browser-'));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DINH_')));
  const child = spawn(binary, ['demo', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const said = [];
  child.stderr.on('data', (part) => (log = (log + part).slice(-20_000)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // Whatever happens to the tests, the server must not outlive them.
  process.once('exit', () => child.kill('SIGKILL'));

  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address in time\n${log}`)), START_LIMIT_MS);
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => said.push(line));
    lines.once('line', (line) => {
      clearTimeout(timer);
      resolve(line.replace(/^Đình: /, '').trim().replace(/\/$/, ''));
    });
    ended.then((status) => reject(new Error(`dinh ended with ${status}\n${log}`)));
  });
  await until('the demo is ready', START_LIMIT_MS, async () => (await fetch(`${url}/ready`)).ok);
  // Its feeds begin at once and take a moment; the tests look at what they bring.
  const gauges = `${url}/ngsi-ld/v1/entities?type=RiverGauge&q=waterLevel&limit=1`;
  const headers = { 'NGSILD-Tenant': 'hue' };
  await until('the first water level is there', START_LIMIT_MS, async () => (await (await fetch(gauges, { headers })).json()).length > 0);

  return {
    url,
    log: () => log,
    /** The code that makes the first administrator, as it is printed at the first start. */
    setUpCode() {
      const [, code] = said.join('\n').match(/Set-up code: (\S+)/) ?? [];
      if (!code) throw new Error(`no set-up code in\n${said.join('\n')}`);
      return code;
    },
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await ended;
      clearTimeout(timer);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
