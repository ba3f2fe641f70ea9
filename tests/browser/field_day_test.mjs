// A field officer's day on a touch tablet, with the server gone from morning to evening: a customer
// is found and changed, visited with place, photo and next step, and a new one is met. In the
// evening it all arrives: on the officer's other tablet, in the server's store, and on the desk of
// headquarters.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Bank, customerOf, go, search, syncNow, unlock } from './bank.mjs';
import { PHONE } from './harness.mjs';

const PHONE_NUMBER = '13812345678';
const SAID = '想把玉米烘干机换成电的，秋后要用';
const PRODUCT = '惠农贷';
const NEXT = '带烘干机贷款的资料';
const NEWCOMER = '司徒田禾';
const RED = [200, 30, 60];
let bank;
let officer;
let customer;  // the address of whom is visited, without '#/customer/'

before(async () => {
  bank = await Bank.open(8093);
  officer = await bank.enrol('2101', { touch: true });
  await officer.context.grantPermissions(['geolocation']);
  await officer.context.setGeolocation({ latitude: 30.123456, longitude: 120.654321, accuracy: 12 });
  await bank.stop();
});

after(async () => {
  await officer?.close();
  await bank?.close();
});

// What a camera gives: a large JPEG of one colour.
async function picture(page) {
  const base64 = await page.evaluate(async ([r, g, b]) => {
    const canvas = new OffscreenCanvas(2400, 1800);
    const context = canvas.getContext('2d');
    context.fillStyle = `rgb(${r} ${g} ${b})`;
    context.fillRect(0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
    let text = '';
    for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
    return btoa(text);
  }, RED);
  return { name: 'camera.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') };
}

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

// [width, height, the pixel in the middle] of a file, as this browser sees it; null for no picture.
function look(page, file) {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes])).catch(() => null);
    if (!image) return null;
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return [image.width, image.height, ...context.getImageData(image.width / 2, image.height / 2, 1, 1).data.slice(0, 3)];
  }, readFileSync(file).toString('base64'));
}

// What stands on the screen there: [r, g, b].
async function pixel(device, x, y) {
  const png = await device.page.screenshot({ clip: { x, y, width: 1, height: 1 } });
  return device.page.evaluate(async (base64) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))]));
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context.drawImage(image, 0, 0);
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  }, png.toString('base64'));
}

test('[W2] [W7] [R52] with the server gone, a customer is found by pinyin and changed', async () => {
  customer = await customerOf(officer, 'wgl', /王桂兰/);
  assert.match(customer, /^-?\d+$/);
  await go(officer, `#/edit/customer/${customer}`);
  await officer.item('textbox', '手机').fill(PHONE_NUMBER);
  await officer.tap('button', '保存');
  await officer.see('status', '已存本机');
});

test('[R31] [R44] [W7] a visit with place, note, photo and next step', async () => {
  await go(officer, `#/visit/${customer}`);
  await officer.see('text', /误差 12 米/);
  await officer.tap('radio', '产品介绍');
  await officer.tap('checkbox', PRODUCT);
  await officer.type('textbox', '面谈记要', SAID);
  const [chooser] = await Promise.all([officer.page.waitForEvent('filechooser'), officer.tap('button', '拍照')]);
  await chooser.setFiles(await picture(officer.page));
  await officer.see('button', '第 1 张');
  await officer.tap('radio', '有意向');
  await officer.type('textbox', '约定做什么', NEXT);
  await officer.tap('radio', '明天');
  await officer.tap('button', '存下拜访');
  await officer.see('status', '拜访已存本机');
});

test('[W2] [R52] after a reload without a server, the whole day is there', async () => {
  await go(officer, '#/new/customer');
  await officer.type('textbox', '姓名', NEWCOMER);
  await officer.type('textbox', '手机', '13900139000');
  await officer.tap('button', '保存');
  await officer.see('status', '已存本机');
  await officer.reload();
  await unlock(officer);
  await search(officer, 'stth');
  await officer.see('text', new RegExp(NEWCOMER));
  await go(officer, `#/customer/${customer}?tab=contact`);
  await officer.see('text', new RegExp(SAID));
  await go(officer, `#/customer/${customer}`);
  await officer.see('text', new RegExp(NEXT));
  await go(officer, '#/sync');
  await officer.see('text', /^最近一次/);
  assert.equal(await officer.item('text', /还没有过/).count(), 0);  // it synced this morning
});

test('[W10] in the evening all of it is sent, and the photo\'s bytes lie at the server', async () => {
  await bank.start();
  await syncNow(officer);
  await officer.see('text', '存本机 0');
  let seen = [];
  for (let tries = 0; tries < 50 && seen.length === 0; tries += 1) {  // photos follow the log
    const files = filesUnder(path.join(bank.data, 'chunks'));
    seen = (await Promise.all(files.map((file) => look(officer.page, file)))).filter(Boolean);
    if (seen.length === 0) await officer.page.waitForTimeout(200);
  }
  assert.equal(seen.length, 1);
  const [width, height, ...colour] = seen[0];
  assert.deepEqual([width, height], [1600, 1200]);  // made smaller before it was kept
  colour.forEach((part, i) => assert.ok(Math.abs(part - RED[i]) < 12, `colour ${colour}`));
});

test('[R23] [R31] [R44] [W7] the officer\'s phone has the visit and the new number, fetches the photo and keeps it', async () => {
  const other = await bank.enrol('2101', { size: PHONE, touch: true });
  await go(other, `#/customer/${customer}?tab=contact`);
  await other.see('text', new RegExp(`${PRODUCT}.*${SAID}`));
  await search(other, PHONE_NUMBER.slice(-4));
  await other.see('text', /王桂兰/);

  await go(other, `#/customer/${customer}?tab=contact`);
  await other.tap('button', '第 1 张照片，在另一台设备');
  await other.see('text', '这张在另一台设备');
  await other.tap('button', '取来看');
  const shown = other.item('img', '第 1 张照片');
  await shown.waitFor({ state: 'attached', timeout: 20_000 });
  await other.settled();
  const { x, y, width, height } = await shown.boundingBox();
  assert.ok(width > 300 && height > 200, `${width} x ${height}`);
  const seen = await pixel(other, x + width / 2, y + height / 2);
  seen.forEach((part, i) => assert.ok(Math.abs(part - RED[i]) < 12, `colour ${seen}`));

  await bank.stop();  // from now on it is on this device
  await other.reload();
  await unlock(other);
  await go(other, `#/customer/${customer}?tab=contact`);
  await other.tap('button', '第 1 张照片');
  await other.see('img', '第 1 张照片');
  await bank.start();
  await other.close();
});

test('[W10] headquarters sees what came, from whom, from which device, and how far its view reaches', async () => {
  const headquarters = await bank.enrol('1001');
  await go(headquarters, '#/hq');
  await headquarters.see('text', new RegExp(`${NEWCOMER}.*林晓雯.*\\d+ 号设备`));
  await headquarters.see('text', /第 [\d,]+ 条，已备份到 [\d,]+/);
  await search(headquarters, NEWCOMER);
  await headquarters.see('text', new RegExp(NEWCOMER));
  assert.deepEqual(headquarters.errors, []);
  await headquarters.close();
});
