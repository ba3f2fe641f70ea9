// One person, several tablets, no network between them: all change the same customer. What they
// agree on is merged, what they do not is kept twice until a person has decided.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bank, change, customerOf, go, syncNow } from './bank.mjs';

const MORNING = '13811110001', EVENING = '13822220002';
let bank;
let tablet;
let laptop;
let customer;

before(async () => {
  bank = await Bank.open(8094);
  tablet = await bank.enrol('2101');
  laptop = await bank.enrol('2101');
  customer = await customerOf(tablet, 'wgl', /王桂兰/);
});

after(async () => {
  await tablet?.close();
  await laptop?.close();
  await bank?.close();
});

// As the form of that device shows it now.
async function held(device, field) {
  await go(device, `#/edit/customer/${customer}`);
  const value = await device.value(field);
  await device.tap('button', '取消');
  return value;
}

const digits = (text) => text.replace(/\D/g, '');
const emptyDesk = (device) => device.see('text', '没有要裁决的');

test('[W5] two numbers for one phone are both kept, shown with who and which device, and decided once', async () => {
  await bank.stop();
  await change(tablet, customer, '手机', MORNING);
  await change(laptop, customer, '手机', EVENING);
  await bank.start();
  await syncNow(tablet);
  await syncNow(laptop);
  await syncNow(tablet);

  for (const device of [tablet, laptop]) {
    await go(device, '#/sync');
    for (const number of [MORNING, EVENING]) {
      const spaced = number.replace(/^(...)(....)(....)$/, '$1 $2 $3');
      await device.see('radio', new RegExp(`${spaced}.*林晓雯.*\\d 号设备`));
    }
    await device.see('radio', /你·林晓雯/);
  }
  await tablet.tap('radio', /138 2222 0002/);
  await tablet.tap('button', /^用 /);
  await tablet.see('status', '已裁决，存本机');
  await emptyDesk(tablet);
  await syncNow(tablet);
  await syncNow(laptop);
  await emptyDesk(tablet);
  await emptyDesk(laptop);
  for (const device of [tablet, laptop]) assert.equal(digits(await held(device, '手机')), EVENING);
});

test('two people write one text: other paragraphs both stand, of one paragraph both stay until it is decided', async () => {
  const label = '家庭与经营情况';
  const write = async (device, text) => {
    await go(device, `#/edit/customer/${customer}`);
    await device.fill(label, text);
    await device.tap('button', '保存');
    await device.see('status', '已存本机');
  };
  await write(tablet, '种粮二十亩\n儿子在城里');
  await syncNow(tablet);
  await syncNow(laptop);
  await bank.stop();
  await write(tablet, '种粮二十亩，想再包五亩\n儿子在城里打工');
  await write(laptop, '种粮二十亩\n儿子在城里开店\n老人常住院');
  await bank.start();
  await syncNow(tablet);
  await syncNow(laptop);
  await syncNow(tablet);
  for (const device of [tablet, laptop]) {
    await go(device, '#/sync');
    for (const text of ['儿子在城里打工', '儿子在城里开店']) await device.see('radio', new RegExp(`${text}.*林晓雯`));
  }
  await laptop.tap('radio', /儿子在城里打工/);
  await laptop.tap('button', '用这一段');
  await laptop.see('status', '已裁决，存本机');
  await emptyDesk(laptop);
  await syncNow(laptop);
  await syncNow(tablet);
  await emptyDesk(tablet);
  for (const device of [tablet, laptop]) {
    assert.equal(await held(device, label), '种粮二十亩，想再包五亩\n儿子在城里打工\n老人常住院');
  }
});

test('a choice in a sheet over a form counts, although work of another device arrives meanwhile', async () => {
  await go(tablet, `#/new/preference/${customer}`);
  await tablet.tap('button', '方面');
  const arrived = tablet.context.waitForEvent('response', { predicate: (one) => one.url().endsWith('/v0/sync'), timeout: 60_000 });
  await change(laptop, customer, '邮箱', 'wgl@example.com');
  await syncNow(laptop);
  await arrived;
  await tablet.settled();
  await tablet.tap('text', '联系时间');
  await tablet.fill('内容', '清早在家');
  await tablet.tap('button', '保存');
  await tablet.see('status', '已存本机');
  await syncNow(tablet);
});

test('[W4] three devices change different fields, come back in another order, and end alike', async () => {
  const third = await bank.enrol('2101');
  const all = [tablet, laptop, third];
  await bank.stop();
  await change(tablet, customer, '住址', '柳林村二组 18 号');
  await change(laptop, customer, '工作单位', '柳林粮油合作社');
  await change(third, customer, '微信', 'wgl-liulin');
  await bank.start();
  for (const device of [third, laptop, tablet, laptop, third]) await syncNow(device);
  for (const device of all) {
    await emptyDesk(device);
    assert.equal(await held(device, '住址'), '柳林村二组 18 号');
    assert.equal(await held(device, '工作单位'), '柳林粮油合作社');
    assert.equal(await held(device, '微信'), 'wgl-liulin');
  }
  await third.close();
});
