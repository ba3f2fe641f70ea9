// A field officer's first day: joins, works without any network, comes back, and headquarters sees
// the work. Real server, real Chromium, real encrypted files; nothing in between is played.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bank, PASSPHRASE, complaints, customerOf, go, join, search, unlock } from './bank.mjs';
import { PHONE, openDevice } from './harness.mjs';

const NAME = '欧阳晓棠';
const WISH = '上午在地里，傍晚来';
const OTHER_PASSPHRASE = 'barley under the snow 2027';
const NEED = '想换一张利息高些的存单';
let bank;
let customer;  // the address of 王桂兰, without '#/customer/'
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

test('[R1] without a server one customer shows data, accounts, transactions and requests', async () => {
  customer = await customerOf(officer, 'wgl', /王桂兰/);
  const tab = async (name, words) => {
    await go(officer, `#/customer/${customer}?tab=${name}`);
    await officer.see('text', words);
    return officer.page.locator('#access [role=main]').getByText(words).count();
  };
  assert.equal(await tab('profile', /^种植，职业·/), 1);
  assert.equal(await tab('accounts', /，[\d,]+\.\d\d$/), 5);
  assert.ok(await tab('transactions', /-?[\d,]+\.\d\d$/) >= 10);
  assert.equal(await tab('requests', /^村口装一台助农终端，.*办理中$/), 1);
});

test('[R2] preferences and needs are noted without a server, each with its source', async () => {
  for (const [entity, topic, words] of [['preference', '联系时间', WISH], ['need', '存款', NEED]]) {
    await go(officer, `#/new/${entity}/${customer}`);
    await officer.tap('button', '方面');
    await officer.tap('text', topic);
    await officer.fill('内容', words);
    await officer.tap('radio', '家人说的');
    await officer.tap('button', '保存');
    await officer.see('status', '已存本机');
  }
  await go(officer, `#/customer/${customer}?tab=profile`);
  await officer.see('text', new RegExp(WISH));
});

test('[W2] the browser is closed and started again without a server, and all is there', async () => {
  await officer.restart();
  await unlock(officer);
  await search(officer, NAME);
  await officer.see('text', new RegExp(NAME));
  await go(officer, `#/customer/${customer}?tab=profile`);
  await officer.see('text', new RegExp(NEED));
});

test('a wrong passphrase opens nothing and says so', async () => {
  await officer.reload();
  await unlock(officer, `${PASSPHRASE}?`);
  await officer.see('textbox', '口令');
  await officer.page.locator('[aria-description^="口令不对"]').waitFor({ state: 'attached', timeout: 20_000 });
  await unlock(officer);
  await officer.gone('textbox', '口令', 20_000);
});

test('[R156] another passphrase opens the data from then on, and the old one does not', async () => {
  const flaw = (words) => officer.page.locator(`[aria-description^="${words}"]`).waitFor({ state: 'attached', timeout: 20_000 });
  await go(officer, '#/settings');
  await officer.tap('button', '换口令');
  await officer.fill('现在的口令', `${PASSPHRASE}?`);
  await officer.fill('新口令', 'short');
  await officer.fill('再输一遍', 'short');
  await officer.tap('button', '换成新口令');
  await flaw('太短');
  await officer.fill('新口令', OTHER_PASSPHRASE);
  await officer.fill('再输一遍', OTHER_PASSPHRASE);
  await officer.tap('button', '换成新口令');
  await flaw('口令不对');
  await officer.fill('现在的口令', PASSPHRASE);
  await officer.tap('button', '换成新口令');
  await officer.see('status', /^口令已换/, 20_000);
  await officer.reload();
  await officer.fill('口令', PASSPHRASE);
  await officer.tap('button', '解锁');
  await flaw('口令不对');
  await officer.fill('口令', OTHER_PASSPHRASE);
  await officer.tap('button', '解锁');
  await officer.gone('textbox', '口令', 20_000);
  await search(officer, NAME);
  await officer.see('text', new RegExp(NAME));
});

test('[W10] back on the network, headquarters sees the new customer', async () => {
  await bank.start();
  await go(officer, '#/sync');
  await officer.tap('button', '现在同步');
  await officer.see('heading', '全部已发', 60_000);
  const headquarters = await bank.enrol('1001');
  await search(headquarters, 'oyxt');
  await headquarters.see('text', new RegExp(NAME));
  await go(headquarters, `#/customer/${customer}?tab=profile`);
  for (const words of [WISH, NEED]) {  // with who said it, and when
    await headquarters.see('text', new RegExp(`${words}.*家人说的`));
  }
  await headquarters.close();
});

test('no error was logged in the officer\'s browser but the missing network', () => {
  assert.deepEqual(complaints(officer), []);
});
