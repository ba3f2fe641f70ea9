// A demo bank of its own for one test file: the real server on real data.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDevice, root, startServer } from './harness.mjs';

export const PASSPHRASE = 'rice in the spring 2026';
const program = process.env.BANYAN_SERVER ?? path.join(root, 'build/bin/banyan-server');
const web = process.env.BANYAN_WEB ?? path.join(root, 'build/web');

export class Bank {
  // `port` must be free; every test file has its own.
  static async open(port) {
    const bank = new Bank();
    bank.port = port;
    bank.data = mkdtempSync(path.join(tmpdir(), 'banyan-bank-'));
    execFileSync(program, ['demo', 'small', '--data', bank.data], { stdio: 'ignore' });
    await bank.start();
    return bank;
  }

  async start() {
    this.server = await startServer({
      program, port: this.port, answers: '/readyz',
      args: ['serve', '--port', String(this.port), '--data', this.data, '--web', web],
    });
  }

  async stop() { await this.server.stop(); }

  async close() {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  // A link that enrols one device for a member of staff (by number), as a branch would print it.
  link(staff) {
    const said = execFileSync(program, ['enrol', '--user', staff, '--data', this.data], { encoding: 'utf8' });
    return said.match(/#enrol=\S+/)[0];
  }

  // A fresh device whose person has joined and synced for the first time.
  async enrol(staff, options = {}) {
    const device = await openDevice({ url: this.server.url, route: this.link(staff), ...options });
    await join(device);
    await device.see('button', '全部已发', 60_000);
    await firstSyncDone(device);
    return device;
  }
}

// On the screen that a link opens: sets the passphrase and joins.
export async function join(device, passphrase = PASSPHRASE) {
  await device.fill('设一个口令', passphrase);
  await device.fill('再输一遍', passphrase);
  await device.tap('button', '加入');
}

// Returns when the device has completed a sync.
export async function firstSyncDone(device, timeout = 60_000) {
  await go(device, '#/sync');
  await device.see('text', /^最近一次 (?!还没有过)/, timeout);
}

// Returns when the passphrase has opened the data, or at once when it is meant to fail.
export async function unlock(device, passphrase = PASSPHRASE) {
  await device.fill('口令', passphrase);
  await device.tap('button', '解锁');
  if (passphrase === PASSPHRASE) await device.gone('textbox', '口令', 30_000);
}

// To a screen by its address, as a link or a bookmark does.
export async function go(device, route) {
  await device.page.evaluate((hash) => { location.hash = hash; }, route);
  await device.settled();
}

export async function search(device, text) {
  await go(device, '#/customers');
  const field = device.item('textbox', '姓名、拼音、手机或账号尾号');
  await field.click();
  await field.fill(text);
  await device.settled();
}

// Ends when everything this device has is sent.
export async function syncNow(device) {
  await go(device, '#/sync');
  // "All sent" may stand there from the last time: what counts is an answer from now on.
  const answer = device.context.waitForEvent('response', { predicate: (one) => one.url().endsWith('/v0/sync'), timeout: 60_000 });
  await device.tap('button', '现在同步');
  await answer;
  await device.settled();
  await device.see('button', '现在同步', 60_000);
  await device.see('heading', '全部已发', 60_000);
}

// Changes one field of a customer; durable on this device when it returns.
export async function change(device, customer, field, value) {
  await go(device, `#/edit/customer/${customer}`);
  await device.item('textbox', field).fill(value);
  await device.tap('button', '保存');
  await device.see('status', '已存本机');
}

// What the browser complained about, but for a network that the test took away.
export function complaints(device) {
  return device.errors.filter((text) => !/Failed to load resource|WebSocket connection/.test(text));
}

// The number of a customer, as it stands in addresses, found by searching as a person does.
export async function customerOf(device, words, name) {
  await search(device, words);
  await device.tap('text', name);
  await device.tap('button', '打开档案');
  await device.page.waitForFunction(() => location.hash.startsWith('#/customer/'));
  return (await device.page.evaluate(() => location.hash)).replace('#/customer/', '');
}
