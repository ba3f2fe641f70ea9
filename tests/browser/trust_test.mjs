// What a bank relies on when a tablet is lost, dies, or has a wrong clock.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Bank, PASSPHRASE, customerOf, go, unlock } from './bank.mjs';

const MARKS = ['澹台漱玉', '13977665544', '330102199001011234', '云栖竹径九号院', 'dantai_shuyu_77', '晨曦缫丝厂', '秋后还清旧账'];
const MORE = Array.from({ length: 33 }, (_, i) => `槐花渡${String(i).padStart(2, '0')}`);  // in the note: 40 in all
let bank;

before(async () => { bank = await Bank.open(8096); });
after(async () => { await bank?.close(); });

// The same words as different programs would leave them on a disk.
function forms(words) {
  const utf16 = Buffer.from(words, 'utf16le');
  return [Buffer.from(words), utf16, Buffer.from(utf16).swap16()];
}

function found(bytes, words) { return forms(words).some((form) => bytes.includes(form)); }

async function addMarked(device) {
  const [name, phone, id, address, wechat, employer, note] = MARKS;
  await go(device, '#/new/customer');
  for (const [field, value] of [['姓名', name], ['证件号码', id], ['手机', phone], ['住址', address], ['微信', wechat], ['工作单位', employer]]) {
    await device.item('textbox', field).fill(value);
  }
  await device.tap('button', '保存');
  await device.see('status', '已存本机');
  const customer = await customerOf(device, phone.slice(-4), new RegExp(name));
  await go(device, `#/visit/${customer}`);
  await device.tap('radio', '产品介绍');
  await device.item('textbox', '面谈记要').fill([note, ...MORE].join('，'));
  await device.tap('radio', '有意向');
  await device.tap('button', '存下拜访');
  await device.see('status', '拜访已存本机');
}

test('[W3] [R156] the files of the store hold no word of what was saved, and not SQLite\'s own name', async () => {
  const profile = mkdtempSync(path.join(tmpdir(), 'banyan-lost-'));
  const device = await bank.enrol('2101', { profile });
  await addMarked(device);
  await device.page.goto(`${bank.server.url}/manifest.webmanifest`);  // the app lets go of its files
  const files = await device.page.evaluate(async () => {
    const out = [];
    const read = async (folder) => {
      for await (const entry of folder.values()) {
        if (entry.kind === 'directory') await read(entry);
        else {
          const bytes = new Uint8Array(await (await entry.getFile()).arrayBuffer());
          let text = '';
          for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
          out.push(btoa(text));
        }
      }
    };
    await read(await navigator.storage.getDirectory());
    return out;
  });
  const bytes = Buffer.concat(files.map((text) => Buffer.from(text, 'base64')));
  assert.ok(bytes.length > 100_000, `${files.length} files, ${bytes.length} bytes`);
  for (const words of [...MARKS, ...MORE, 'SQLite format 3', PASSPHRASE]) assert.ok(!found(bytes, words), words);
  await device.close();

  // The same for whatever else the browser keeps beside them.
  let seen = 0;
  for (const entry of readdirSync(profile, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const rest = readFileSync(path.join(entry.parentPath ?? entry.path, entry.name));
    seen += rest.length;
    for (const words of [...MARKS, ...MORE, PASSPHRASE]) assert.ok(!found(rest, words), `${words} in ${entry.name}`);
  }
  assert.ok(seen > bytes.length);
  rmSync(profile, { recursive: true, force: true });
});

test('a tab killed in the middle of saving keeps the whole of it or nothing', async () => {
  const device = await bank.enrol('2101');
  const customer = await customerOf(device, 'wgl', /王桂兰/);
  let whole = 0;
  for (const [round, ms] of [0, 3, 10, 30, null].entries()) {
    const said = `第${round}轮面谈`, next = `第${round}轮约定`;
    await go(device, `#/visit/${customer}`);
    await device.tap('radio', '产品介绍');
    await device.item('textbox', '面谈记要').fill(said);
    await device.tap('radio', '有意向');
    await device.item('textbox', '约定做什么').fill(next);
    await device.settled();
    if (ms === null) {
      await device.tap('button', '存下拜访');
      await device.see('status', '拜访已存本机');
    } else {
      await device.item('button', '存下拜访').dispatchEvent('click');
      await device.page.waitForTimeout(ms);
    }
    await device.kill();
    await device.reopen();
    await unlock(device);
    await go(device, `#/customer/${customer}?tab=contact`);
    await device.see('tab', /往来/);
    const visit = await device.item('text', new RegExp(said)).count();
    await go(device, `#/customer/${customer}`);
    await device.see('tab', /概览/);
    const task = await device.item('checkbox', new RegExp(next)).count();
    assert.equal(visit, task, `killed after ${ms} ms: visit ${visit}, its task ${task}`);
    whole += visit;
    if (ms === null) assert.equal(visit, 1, 'what was said to be saved is there');
  }
  assert.ok(whole >= 1);
  await device.close();
});
