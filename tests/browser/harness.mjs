// Drives the real app in Chromium. Things are found as a screen reader finds them: by role and
// name in the accessible tree; then a finger or a mouse goes to where they are on the screen.
//
//   const server = await startServer({ port: 8099, data });
//   const device = await openDevice({ url: server.url, touch: true });
//   await device.tap('button', '保存');
//   await device.type('textbox', '姓名', '王桂兰');
//   await device.see('status', '已存本机');
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after } from 'node:test';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const modules = execFileSync(path.join(root, 'third_party/npm'), [path.join(root, 'tests/browser')], { encoding: 'utf8' }).trim();
const { chromium } = createRequire(path.join(modules, 'x.js'))('playwright-core');
export const axeSource = path.join(modules, 'axe-core/axe.min.js');

// There is no GPU: to compose the page in its emulation too would double the cost of a frame.
const FLAGS = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-gpu-compositing'];
export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

// The program `banyan-server`, or any other that serves the app on `url` once it answers.
export async function startServer({ program = path.join(root, 'build/bin/banyan-server'), args = [], port, answers = '/' }) {
  const taken = await fetch(`http://localhost:${port}${answers}`).then(() => true, () => false);
  if (taken) throw new Error(`another program answers on port ${port}`);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (text) => { said += text; });
  child.stderr.on('data', (text) => { said += text; });
  const url = `http://localhost:${port}`;
  const gone = new Promise((resolve) => { child.on('exit', resolve); });
  for (let tries = 0; ; tries += 1) {
    if (child.exitCode !== null || tries > 150) throw new Error(`${program} does not answer on ${url}:\n${said}`);
    const up = await fetch(url + answers).then((answer) => answer.ok, () => false);
    if (up) break;
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
  return {
    url,
    said: () => said,
    async stop(signal = 'SIGTERM') { child.kill(signal); await gone; },
  };
}

// A failed test leaves its device open, and an open browser would keep the file from ending.
const opened = new Set();
if (process.env.NODE_TEST_CONTEXT) after(async () => { for (const device of opened) await device.close(); });

// A device: a browser with a profile of its own, that keeps what is stored in it. No GPU draws
// here, and what is drawn is looked at elsewhere: half the usual pixels, each way, are enough.
export async function openDevice({ url, profile, size = DESKTOP, ratio = 0.5, touch = false, locale = 'zh-CN', theme = 'light', route = '', flags = [] }) {
  const own = profile === undefined;
  const folder = profile ?? mkdtempSync(path.join(tmpdir(), 'banyan-device-'));
  const launch = () => chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: [...FLAGS, ...flags], viewport: size, deviceScaleFactor: ratio,
    hasTouch: touch, locale, colorScheme: theme, timezoneId: 'Asia/Shanghai', serviceWorkers: 'allow',
  });
  const context = await launch();
  const device = new Device(context, context.pages()[0] ?? await context.newPage(), url, { folder: own ? folder : null, touch, launch });
  opened.add(device);
  if (url) await device.open(route);
  return device;
}

export class Device {
  constructor(context, page, url, { folder, touch, launch }) {
    Object.assign(this, { context, url, folder, touch, launch, errors: [] });
    this.#watch(page);
  }

  #watch(page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => { if (message.type() === 'error') this.errors.push(message.text()); });
  }

  async open(route = '') {
    await this.page.goto(`${this.url}/${route}`);
    await this.ready();
  }

  async ready() { await this.page.waitForFunction(() => document.getElementById('boot')?.hidden, null, { timeout: 60_000, polling: 100 }); }

  // The element in the accessible tree. A string name must match whole; a RegExp may match a part.
  item(role, name) {
    const tree = this.page.locator('#access');
    const exact = typeof name === 'string';
    // Roles that take no name from what they contain are found by their words.
    if (role === 'text') return tree.getByText(name, { exact }).first();
    if (role === 'status' || role === 'alert') return tree.locator(`[role=${role}]`).getByText(name, { exact }).first();
    return tree.getByRole(role, { name, exact }).first();
  }

  async see(role, name, timeout = 15_000) { await this.item(role, name).waitFor({ state: 'attached', timeout }); }
  async gone(role, name, timeout = 15_000) { await this.item(role, name).waitFor({ state: 'detached', timeout }); }

  async #middle(role, name) {
    const item = this.item(role, name);
    await item.waitFor({ state: 'attached', timeout: 15_000 });
    let box = await item.boundingBox();
    const { width, height } = this.page.viewportSize();
    const inside = () => box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
    if (box && !inside()) await item.focus();  // what the keyboard reaches scrolls itself into view
    for (let tries = 0; box && !inside() && tries < 60; tries += 1) {
      await this.page.waitForTimeout(50);
      box = await item.boundingBox();
    }
    if (!box) throw new Error(`${role} "${name}" has no place on the screen`);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  // With a finger where the device has touch, else with the mouse.
  async tap(role, name) {
    const { x, y } = await this.#middle(role, name);
    if (this.touch) await this.page.touchscreen.tap(x, y);
    else await this.page.mouse.click(x, y);
    await this.settled();
  }

  // As a screen reader does: the element itself is activated.
  async activate(role, name) {
    await this.item(role, name).dispatchEvent('click');
    await this.settled();
  }

  async type(role, name, text) {
    await this.tap(role, name);
    await this.page.keyboard.type(text);
    await this.settled();
  }

  // At once, as a password manager does: every key would be a frame, drawn without a GPU here.
  async fill(name, text) {
    await this.item('textbox', name).fill(text);
    await this.settled();
  }

  async value(name) { return this.item('textbox', name).inputValue(); }

  // An input method at work: each step is what it shows so far, the last text is what it commits.
  async compose(steps, committed) {
    const client = await this.context.newCDPSession(this.page);
    for (const text of steps) {
      await client.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
      await this.settled();
    }
    await client.send('Input.insertText', { text: committed });
    await client.detach();
    await this.settled();
  }

  // A finger from one place to another, in `steps` moves.
  async drag(from, to, { steps = 10, rest = false } = {}) {
    const client = await this.context.newCDPSession(this.page);
    const send = (type, point) => client.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] });
    await send('touchStart', from);
    for (let i = 1; i <= steps; i += 1) {
      const part = i / steps;
      await this.page.waitForTimeout(16);
      await send('touchMove', { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });
    }
    if (rest) await this.page.waitForTimeout(300);
    await send('touchEnd');
    await client.detach();
    await this.settled();
  }

  // Waits until the worker has drawn everything it wanted to draw.
  async settled() {
    let before = -1;
    for (let tries = 0; tries < 12; tries += 1) {
      const { frames, planned } = await this.stats();
      if (frames === before && !planned) return;
      before = frames;
      await this.page.waitForTimeout(40);
    }
  }

  // An app that died would never answer: what the browser said is worth more than a wait without end.
  async stats() {
    const silence = new Promise((resolve) => { setTimeout(resolve, 30_000, null).unref(); });
    const stats = await Promise.race([this.page.evaluate(() => window.banyan.stats()), silence]);
    if (stats === null) throw new Error(`the app does not answer: ${this.errors.slice(-3).join('; ')}`);
    return stats;
  }

  async offline(on = true) { await this.context.setOffline(on); }
  async reload() { await this.page.reload(); await this.ready(); }

  // Another window of the same device.
  async window(route = '') {
    const device = new Device(this.context, await this.context.newPage(), this.url, { folder: null, touch: this.touch });
    await device.page.goto(`${this.url}/${route}`);
    return device;
  }

  // As when the system ends a tab without asking it.
  async kill() {
    const client = await this.context.newCDPSession(this.page);
    const crashed = this.page.waitForEvent('crash');
    client.send('Page.crash').catch(() => {});  // nobody is left to answer
    await crashed;
    await this.page.close();
  }

  // The whole browser is closed, and started again with what it kept.
  async restart(route = '') {
    await this.context.close();
    this.context = await this.launch();
    this.#watch(this.context.pages()[0] ?? await this.context.newPage());
    await this.open(route);
  }

  // Another tab of the same browser, after the one before was killed.
  async reopen(route = '') {
    this.#watch(await this.context.newPage());
    await this.open(route);
  }

  async screenshot(name, folder = process.env.BANYAN_SCREENSHOTS) {
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: path.join(folder, `${name}.png`) });
  }

  async close() {
    opened.delete(this);
    await this.context.close();
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }
}
