// Two people share one tablet, as a branch with few of them does. Each has a passphrase and a database
// of their own: neither opens, lists or sends what is the other's, and unsent work waits for its author.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bank, PASSPHRASE, complaints, customerOf, go, join, search, syncNow } from './bank.mjs';

const OTHER_PASSPHRASE = 'wheat in the autumn 2025';
const FIRST = /^林晓雯/, SECOND = /^(?!林晓雯)/;
const UNSENT = '东方耘野', OF_SECOND = '公孙稻香';
let bank;
let tablet;
let customer;  // one of the first person's, without '#/customer/'

before(async () => {
  bank = await Bank.open(8101);
  tablet = await bank.enrol('2101');
  customer = await customerOf(tablet, 'wgl', /王桂兰/);
});

after(async () => {
  await tablet?.close();
  await bank?.close();
});

async function lock() {
  await go(tablet, '#/settings');
  await tablet.tap('button', '锁定');
  await tablet.see('textbox', '口令');
}

async function addCustomer(name) {
  await go(tablet, '#/new/customer');
  await tablet.item('textbox', '姓名').fill(name);
  await tablet.tap('button', '保存');
  await tablet.see('status', '已存本机');
}

async function tries(person, passphrase) {
  await tablet.tap('radio', person);
  await tablet.fill('口令', passphrase);
  await tablet.tap('button', '解锁');
}

// The words of the try before are gone first: what is seen is the answer to this one.
async function refused() {
  await tablet.see('button', '解锁', 20_000);
  await tablet.page.locator('[aria-description^="口令不对"]').waitFor({ state: 'attached', timeout: 20_000 });
}

async function finds(device, words) {
  await search(device, words);
  await device.see('text', /^没有这样的客户$|户符合$|本机 [\d,]+ 户/);
  return await device.item('text', new RegExp(words)).count() > 0;
}

test('[W3] a second person joins a tablet on which the first left unsent work, and lands on a screen of her own', async () => {
  await bank.stop();
  await addCustomer(UNSENT);
  await lock();
  await go(tablet, `#/customer/${customer}`);  // somebody steps back in the browser
  await tablet.see('textbox', '口令');
  await bank.start();
  await go(tablet, bank.link('1053'));
  await join(tablet, OTHER_PASSPHRASE);
  await tablet.see('button', '全部已发', 60_000);
  assert.doesNotMatch(await tablet.page.evaluate(() => location.hash), /customer\//);
});

test('[W3] [T27] what is the first person\'s is in no list of the second, and none of it is sent for her', async () => {
  await syncNow(tablet);
  await tablet.see('text', '发件箱是空的');
  assert.equal(await finds(tablet, UNSENT), false);
  assert.equal(await finds(tablet, '王桂兰'), false);
  await go(tablet, `#/customer/${customer}`);
  await tablet.see('text', '这户不在本机');
  await addCustomer(OF_SECOND);
  assert.equal(await finds(tablet, OF_SECOND), true);
  await syncNow(tablet);
  await tablet.see('text', '存本机 0');
});

test('[W3] [T27] neither passphrase opens the other\'s data, before and after a reload', async () => {
  await lock();
  for (const again of [false, true]) {
    if (again) await tablet.reload();
    await tries(FIRST, OTHER_PASSPHRASE);
    await refused();
    await tries(SECOND, PASSPHRASE);
    await refused();
    await tablet.see('textbox', '口令');
  }
});

test('[W3] [T27] the first person\'s unsent work is there when she is back, and reaches headquarters then', async () => {
  const headquarters = await bank.enrol('1001');
  assert.equal(await finds(headquarters, OF_SECOND), true);
  assert.equal(await finds(headquarters, UNSENT), false);
  await tries(FIRST, PASSPHRASE);
  await tablet.gone('textbox', '口令', 30_000);
  assert.equal(await finds(tablet, UNSENT), true);
  assert.equal(await finds(tablet, OF_SECOND), false);
  await syncNow(tablet);
  await tablet.see('text', '存本机 0');
  await syncNow(headquarters);
  assert.equal(await finds(headquarters, UNSENT), true);
  await go(headquarters, '#/hq');
  await headquarters.see('text', new RegExp(`${UNSENT}.*林晓雯.*\\d+ 号设备`));
  await headquarters.close();
});

test('nothing but the missing network was logged', () => { assert.deepEqual(complaints(tablet), []); });
