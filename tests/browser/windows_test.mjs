// One device, several windows: only one of them writes, the others say so, and the store goes from
// one to the other when a person asks. A window without a store never pretends to have one.
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Bank, go, join, search, unlock } from './bank.mjs';
import { openDevice } from './harness.mjs';

const ELSEWHERE = 'Banyan 已在另一个窗口打开';
const GIVEN = '已交给另一个窗口';
let bank;
let first;

before(async () => {
  bank = await Bank.open(8092);
  first = await bank.enrol('2101');
});

after(async () => {
  await first?.close();
  await bank?.close();
});

async function note(device, name) {
  await go(device, '#/new/customer');
  await device.type('textbox', '姓名', name);
  await device.type('textbox', '手机', '13900139000');
  await device.tap('button', '保存');
  await device.see('status', '已存本机');
}

test('reloads in quick succession always come back to what is kept', async () => {
  for (let times = 0; times < 4; times += 1) {
    for (let quick = 0; quick < 3; quick += 1) await first.page.reload({ waitUntil: 'commit' });
    await first.ready();
    await first.see('textbox', '口令');
  }
  await unlock(first);
  await search(first, 'wgl');
  await first.see('text', /王桂兰/);
});

test('a second window says that the first one has the data, and takes it over when asked', async () => {
  await note(first, '甲窗口');
  const second = await first.window();
  await second.see('heading', ELSEWHERE);
  assert.equal(await second.item('textbox', '口令').count(), 0);
  await search(first, '甲窗口');  // the first works on as if nothing had happened
  await first.see('text', /甲窗口/);

  await second.tap('button', '在这里使用');
  await first.see('heading', GIVEN);
  await unlock(second);
  await note(second, '乙窗口');
  await search(second, '甲窗口');
  await second.see('text', /甲窗口/);

  await first.page.bringToFront();
  await first.tap('button', '在这里使用');
  await second.see('heading', GIVEN);
  await unlock(first);
  await search(first, '乙窗口');
  await first.see('text', /乙窗口/);
  await second.page.close();
  // A reload that interrupts the reading of the manifest has the browser complain about it.
  const wrong = [...first.errors, ...second.errors].filter((text) => !text.startsWith('Manifest:'));
  assert.deepEqual(wrong, []);
});

test('a window that hands over in the middle of a form keeps nothing of it on its screen', async () => {
  await go(first, '#/new/customer');
  await first.type('textbox', '姓名', '丙窗口');
  const second = await first.window();
  await second.tap('button', '在这里使用');
  await first.see('heading', GIVEN);
  assert.equal(await first.page.locator('#access input').count(), 0);
  await second.page.close();
  await first.page.bringToFront();
  await first.tap('button', '在这里使用');
  await first.see('textbox', '口令');
});

test('a window that does not answer is named as the trouble', async () => {
  const mute = await first.context.newPage();
  await first.page.goto('about:blank');
  await mute.goto(`${bank.server.url}/manifest.webmanifest`);
  await mute.evaluate(() => { navigator.locks.request('banyan-storage', () => new Promise(() => {})); });
  await first.open();
  await first.see('heading', ELSEWHERE);
  await first.tap('button', '在这里使用');
  await first.see('text', /没有回应。关掉它/, 20_000);
  await mute.close();
  await first.tap('button', '在这里使用');
  await first.see('textbox', '口令');
});

test('without a store the app says so; practice is marked on every screen and joins no real bank', async () => {
  // Plain HTTP off localhost: a browser gives no OPFS there.
  const device = await openDevice({ flags: ['--host-resolver-rules=MAP branch.test 127.0.0.1'] });
  device.url = `http://branch.test:${bank.port}`;
  await device.open(bank.link('2103'));
  await device.see('heading', '这里存不下数据');
  assert.equal(await device.item('textbox', '设一个口令').count(), 0);
  await device.tap('button', '再试一次');
  await device.see('text', '还是不行。');
  await device.tap('button', '只做练习，什么都不保存');
  await device.see('alert', /什么都不保存/);
  await device.see('alert', /什么都不保存/);
  const people = path.join(bank.data, 'demo.json');  // what makes it a demo bank
  renameSync(people, `${people}.away`);
  await join(device);
  await device.page.locator('[aria-description^="这里不能练习"]').waitFor({ state: 'attached', timeout: 30_000 });
  renameSync(`${people}.away`, people);
  await device.tap('button', '加入');  // with the same code
  await device.see('button', '全部已发', 60_000);
  await device.see('alert', /什么都不保存/);
  await device.close();
});
