// A field officer's first day: joins, works without any network, comes back, and headquarters sees
// the work. Real server, real Chromium, real encrypted files; nothing in between is played.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bank, PASSPHRASE, complaints, go, join, search, unlock } from './bank.mjs';
import { PHONE, openDevice } from './harness.mjs';

const NAME = '欧阳晓棠';
let bank;
let officer;

before(async () => {
  bank = await Bank.open(8091);
  officer = await bank.enrol('2101');
});

after(async () => {
  await officer?.close();
  await bank?.close();
});

// How many customers this device holds, as the list says.
async function held(device) {
  await go(device, '#/customers');
  await device.see('text', /本机 [\d,]+ 户/);
  return Number((await device.item('text', /本机 [\d,]+ 户/).textContent()).match(/本机 ([\d,]+) 户/)[1].replaceAll(',', ''));
}

test('a first sync brings the portfolio, and nobody else\'s', async () => {
  await search(officer, 'wgl');
  await officer.see('text', /王桂兰/);
  await search(officer, '');
  const own = await held(officer);
  assert.ok(own > 10 && own < 500, `${own} of the bank's 2,000`);
});

test('a day that has not come yet is not called empty', async () => {
  const phone = await openDevice({ url: bank.server.url, route: bank.link('2101'), size: PHONE });
  await phone.page.route('**/v0/sync', () => {});  // a line on which the answer never comes
  await join(phone);
  await phone.see('progressbar', /正在取来你的客户/);
  await phone.see('text', /还在取/);
  await phone.see('button', '正在取');
  for (const claim of [/没有安排拜访/, /没有待办/, /没有逾期/]) {
    assert.equal(await phone.item('text', claim).count(), 0, String(claim));
  }
  await phone.close();
});

test('[W2] [R52] the server is gone: search, a new customer, a reload, and all is there', async () => {
  await bank.stop();
  await go(officer, '#/new/customer');
  await officer.type('textbox', '姓名', NAME);
  await officer.type('textbox', '手机', '13900139000');
  await officer.tap('button', '保存');
  await officer.see('status', '已存本机');
  await officer.reload();
  await unlock(officer);
  await search(officer, NAME);
  await officer.see('text', new RegExp(NAME));
});

test('[R12] without a server the list narrows by sex, age and occupation, and widens again', async () => {
  const found = async () => Number((await officer.item('text', /^[\d,]+ 户符合/).textContent()).match(/^([\d,]+)/)[1].replaceAll(',', ''));
  await search(officer, '');
  const all = await found();
  const narrowed = async (...choices) => {
    await officer.tap('button', '筛选');
    for (const choice of choices) await officer.tap('checkbox', choice);
    await officer.tap('button', /^看 [\d,]+ 户$/);
    return found();
  };
  const women = await narrowed('女');
  assert.ok(women > 0 && women < all, `${women} women of ${all}`);
  await officer.tap('checkbox', '女');  // the chip above the list takes it away
  assert.equal(await found(), all);
  const men = await narrowed('男');
  assert.ok(women + men <= all && men > 0, `${women} women and ${men} men of ${all}`);
  await officer.tap('button', '筛选 1');
  await officer.tap('checkbox', '60 岁及以上');
  await officer.activate('text', /^职业/);
  await officer.tap('checkbox', '种植');
  await officer.tap('button', '完成');
  await officer.tap('button', /^看 [\d,]+ 户$/);
  const few = await found();
  assert.ok(few < men, `${few} of ${men} men are farmers of sixty and more`);
  await officer.tap('button', '筛选 3');
  await officer.tap('button', '清空');
  await officer.tap('button', /^看 [\d,]+ 户$/);
  assert.equal(await found(), all);
});

test('a wrong passphrase opens nothing and says so', async () => {
  await officer.reload();
  await unlock(officer, `${PASSPHRASE}?`);
  await officer.see('textbox', '口令');
  await officer.page.locator('[aria-description^="口令不对"]').waitFor({ state: 'attached', timeout: 20_000 });
  await unlock(officer);
  await officer.gone('textbox', '口令', 20_000);
});

test('[W10] back on the network, headquarters sees the new customer', async () => {
  await bank.start();
  await go(officer, '#/sync');
  await officer.tap('button', '现在同步');
  await officer.see('heading', '全部已发', 60_000);
  const headquarters = await bank.enrol('1001');
  await search(headquarters, 'oyxt');
  await headquarters.see('text', new RegExp(NAME));
  await headquarters.close();
});

test('no error was logged in the officer\'s browser but the missing network', () => {
  assert.deepEqual(complaints(officer), []);
});
