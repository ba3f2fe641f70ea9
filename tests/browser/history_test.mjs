// A customer's history: who changed what, from what to what, on which device; and taking a change back, so that
// every device has it. Without a network the screen says what it does not know.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bank, change, complaints, customerOf, go, search, syncNow, unlock } from './bank.mjs';
import { DESKTOP, PHONE } from './harness.mjs';

const FIELD = '住址', TAG = '种植大户';
const HOME = '石桥村 3 组 12 号', WRONG = '大柳村 9 组 1 号', LATER = '柳河镇东街 7 号';
let bank;
let tablet, phone;  // of one officer
let customer;

before(async () => {
  bank = await Bank.open(8110);
  tablet = await bank.enrol('2101');
  phone = await bank.enrol('2101', { touch: true });
  customer = await customerOf(tablet, 'wgl', /王桂兰/);
});

after(async () => {
  await tablet?.close();
  await phone?.close();
  await bank?.close();
});

const history = (device) => go(device, `#/customer/${customer}?tab=history`);

async function address(device) {
  await go(device, `#/edit/customer/${customer}`);
  await device.see('textbox', FIELD);
  return device.value(FIELD);
}

test('the time line has every change of both devices, with what was there before', async () => {
  await change(tablet, customer, FIELD, HOME);
  await syncNow(tablet);
  await syncNow(phone);
  await change(phone, customer, FIELD, WRONG);
  await syncNow(phone);
  await syncNow(tablet);
  await history(tablet);
  await tablet.see('text', /住址：\*{4} → \*{4}.*林晓雯.*\d+ 号设备/);
  await tablet.see('text', /谁改的/);
  assert.equal(await tablet.item('text', WRONG).count(), 0);  // personal data, until they are asked for
  await tablet.tap('button', '显示个人信息');
  await tablet.see('text', WRONG);
  await tablet.see('text', HOME);
  await tablet.see('text', new RegExp(`住址：${HOME} → ${WRONG}`));
  await tablet.screenshot('history');
});

test('a change is taken back, and the other device has it with its next sync', async () => {
  await tablet.tap('button', '撤回此改动');
  await tablet.see('status', '已撤回，存本机');
  await tablet.see('text', new RegExp(`住址：${WRONG} → ${HOME}.*还没到总行`));
  assert.equal(await address(tablet), HOME);
  await syncNow(tablet);
  await syncNow(phone);
  assert.equal(await address(phone), HOME);
});

test('what has something newer over it says so, and is put back only when the person insists', async () => {
  await change(phone, customer, FIELD, LATER);
  await syncNow(phone);
  await history(phone);
  await phone.see('text', /住址.*林晓雯/);
  await phone.page.setViewportSize(PHONE);
  await phone.settled();
  await phone.see('text', /住址.*林晓雯/);
  await phone.screenshot('history.phone');
  // The second from above: the newest of the tablet.
  const rows = phone.page.locator('#access').getByText(/^住址/);
  await rows.nth(1).dispatchEvent('click');
  await phone.see('text', '之后又有改动');
  await phone.screenshot('history-change.phone');
  await phone.tap('button', '覆盖之后的改动，恢复原值');
  await phone.tap('button', '恢复原值');
  await phone.see('status', '已撤回，存本机');
  assert.equal(await address(phone), WRONG);
  await phone.page.setViewportSize(DESKTOP);
});

test('without a network the screen has what the device knows, and says what is missing', async () => {
  await tablet.reload();
  await bank.stop();
  await unlock(tablet);
  await history(tablet);
  await tablet.see('text', '联网后可看到全部改动和原值；现在是本机知道的');
  await tablet.see('text', '联网后才知道原值');
  await tablet.screenshot('history.offline');
  await bank.start();
  await tablet.tap('button', '再试一次');
  await tablet.gone('text', '联网后可看到全部改动和原值；现在是本机知道的', 30_000);
  await tablet.see('text', /住址：\*{4} → \*{4}/);
});

test('a tag goes to everybody a search has found, and all of it is taken back', async () => {
  await search(tablet, '王');
  await tablet.see('text', /户符合/);
  await tablet.tap('button', '批量打标签');
  await tablet.tap('radio', TAG);
  await tablet.screenshot('mass');
  await tablet.tap('button', new RegExp(`给 \\d+ 户加上「${TAG}」`));
  await tablet.see('text', /办好 \d+ 户，存本机/, 30_000);
  await tablet.screenshot('mass-done');
  const done = (await tablet.item('text', /办好 \d+ 户/).textContent()).match(/\d+/)[0];
  await syncNow(tablet);
  await search(tablet, '王');
  await tablet.tap('button', '批量打标签');
  await tablet.see('text', new RegExp(`加上「${TAG}」.*${done} 户`));
  await tablet.screenshot('mass-lately');
  await tablet.tap('text', new RegExp(`加上「${TAG}」.*${done} 户`));
  await tablet.tap('button', '全部撤回');
  await tablet.see('text', `撤回 ${done} 户，存本机`, 30_000);
  await tablet.tap('button', '完成');
  await syncNow(tablet);
});

test('nothing but the missing network was logged', () => {
  for (const device of [tablet, phone]) assert.deepEqual(complaints(device), []);
});
