// The shell and its widgets in a real browser, on the page that shows them all.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PHONE, openDevice, root, startServer } from './harness.mjs';

const PORT = 8090;
const data = mkdtempSync(path.join(tmpdir(), 'banyan-server-'));
// BANYAN_URL: an app that is served already.
let server = { url: process.env.BANYAN_URL, stop: async () => {} };
let device;

before(async () => {
  if (!server.url) {
    server = await startServer({ port: PORT, args: ['serve', '--port', String(PORT), '--data', data, '--web', path.join(root, 'build/web')] });
  }
  device = await openDevice({ url: server.url, route: '#/components' });
});

after(async () => {
  await device?.close();
  await server.stop();
  rmSync(data, { recursive: true, force: true });
});

test('a click reaches the item under it, and a dialog covers what lies below', async () => {
  await device.tap('button', '问一句');
  await device.see('dialog', '换人使用这台平板？');
  assert.ok(await device.item('button', '提示条').evaluate((element) => element.inert), 'what lies under a dialog is out of reach');
  await device.tap('button', '取消');
  await device.gone('dialog', '换人使用这台平板？');
});

test('Escape closes the dialog, and the keyboard returns to where it was', async () => {
  await device.item('button', '问一句').focus();
  await device.page.keyboard.press('Enter');
  await device.see('dialog', '换人使用这台平板？');
  await device.page.keyboard.press('Escape');
  await device.gone('dialog', '换人使用这台平板？');
  assert.equal(await device.page.evaluate(() => document.activeElement.textContent), '问一句');
});

test('a screen reader can press a button without a pointer', async () => {
  await device.activate('button', '提示条');
  await device.see('status', '拜访已存本机');
  await device.activate('button', '撤回');
  await device.see('status', '已撤回');
});

test('a name typed through an input method arrives whole, and never in pieces', async () => {
  await device.tap('textbox', '姓名');
  await device.compose(['w', 'wang', 'wang gui', 'wang gui lan'], '王桂兰');
  assert.equal(await device.value('姓名'), '王桂兰');
  await device.page.keyboard.press('Tab');
  await device.settled();
  await device.screenshot('composed');
  assert.equal(await device.value('姓名'), '王桂兰');
});

test('money is grouped when the field is left', async () => {
  await device.tap('textbox', '金额');
  await device.page.keyboard.press('Control+A');
  await device.page.keyboard.type('86000.5');
  await device.page.keyboard.press('Enter');
  await device.page.waitForFunction(() => document.querySelector('[aria-label="金额"]').value === '86,000.50');
});

test('Tab goes through the page in reading order', async () => {
  await device.item('button', '保存').focus();
  const names = [];
  for (let i = 0; i < 4; i += 1) {
    await device.page.keyboard.press('Tab');
    names.push(await device.page.evaluate(() => document.activeElement.textContent));
  }
  assert.deepEqual(names.slice(0, 4), ['常规', '柔和', '安静', '删除']);
});

test('the program crashes: the page starts it again on a fresh canvas', async () => {
  await device.page.evaluate(() => { document.getElementById('boot').hidden = false; window.banyan.crashWorker(); });
  await device.ready();
  await device.see('button', '问一句');
  device.errors.length = 0;
});

test('a finger scrolls the page with momentum, and a drag presses nothing', async () => {
  const phone = await openDevice({ url: server.url, route: '#/components', size: PHONE, ratio: 2, touch: true });
  const top = async () => (await phone.item('button', '柔和').boundingBox()).y;
  const start = await top();
  await phone.settled();
  assert.equal(await top(), start, 'nothing on the page moves it by itself');
  await phone.drag({ x: 190, y: 600 }, { x: 190, y: 300 }, { rest: true });
  const dragged = await top();
  assert.ok(Math.abs(start - dragged - 300) < 4, `the page moved ${start - dragged} for a drag of 300`);
  // A machine that stalls before the finger leaves makes a rest of the throw: then once more.
  let thrown = 0;
  for (let i = 0; i < 3 && thrown <= 170; i += 1) {
    await phone.drag({ x: 190, y: 450 }, { x: 190, y: 600 }, { rest: true });
    const before = await top();
    await phone.drag({ x: 190, y: 600 }, { x: 190, y: 450 }, { steps: 4 });
    await phone.page.waitForTimeout(1500);
    thrown = before - await top();
  }
  assert.ok(thrown > 170, 'a throw goes on after the finger has left');
  await phone.close();
});

test('the app opens again with the server gone', { skip: process.env.BANYAN_URL ? 'the server is not ours to stop' : false }, async () => {
  await device.page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 30_000 });
  await server.stop();
  await device.reload();
  await device.see('button', '问一句');
});
