// What a person types arrives whole: through an input method, and when the screen changes in the
// same moment.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bank, customerOf, go, search, unlock } from './bank.mjs';

let bank;
let officer;

before(async () => {
  bank = await Bank.open(8095);
  officer = await bank.enrol('2101');
});

after(async () => {
  await officer?.close();
  await bank?.close();
});

test('[W7] a three-character name composed by an input method is saved and found by its initials', async () => {
  await go(officer, '#/new/customer');
  await officer.tap('textbox', '姓名');
  await officer.compose(['n', 'ni', 'ni\'m', 'ni\'m\'y', '倪 mengyao', '倪梦 yao'], '倪梦瑶');
  assert.equal(await officer.value('姓名'), '倪梦瑶');
  await officer.type('textbox', '手机', '13900139001');
  await officer.tap('button', '保存');
  await officer.see('status', '已存本机');
  for (const words of ['nmy', 'nimengyao', '梦瑶']) {
    await search(officer, words);
    await officer.see('text', /倪梦瑶/);
  }
});

test('[W7] a composition that the save button interrupts is saved as it stood', async () => {
  await go(officer, '#/new/customer');
  await officer.type('textbox', '手机', '13900139002');
  await officer.tap('textbox', '姓名');
  const client = await officer.context.newCDPSession(officer.page);
  await client.send('Input.imeSetComposition', { text: '苗春晓', selectionStart: 3, selectionEnd: 3 });
  await officer.tap('button', '保存');
  await officer.see('status', '已存本机');
  await search(officer, 'mcx');
  await officer.see('text', /苗春晓/);
});

test('[R44] a note keeps its last characters when the address changes before the next frame', async () => {
  const customer = await customerOf(officer, 'wgl', /王桂兰/);
  await go(officer, `#/visit/${customer}`);
  await officer.type('textbox', '面谈记要', '愿意续贷');
  await officer.item('textbox', '面谈记要').evaluate((field) => {
    field.value += '，下月来签';
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    location.hash = '#/customers';
  });
  await officer.see('textbox', '姓名、拼音、手机或账号尾号');
  await go(officer, `#/visit/${customer}`);
  assert.equal(await officer.value('面谈记要'), '愿意续贷，下月来签');
});

test('a note that was not saved is gone when the app was locked in between', async () => {
  const customer = await customerOf(officer, 'wgl', /王桂兰/);
  await go(officer, '#/settings');
  await officer.tap('button', '锁定');
  await officer.see('textbox', '口令');
  await unlock(officer);
  await go(officer, `#/visit/${customer}`);
  assert.equal(await officer.value('面谈记要'), '');
});
