// No network at all: work goes to headquarters as a file, through a colleague's tablet, and from one
// screen to another camera; the answer comes back the same ways.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Bank, change, complaints, customerOf, go, syncNow } from './bank.mjs';
import { root } from './harness.mjs';

const stick = mkdtempSync(path.join(tmpdir(), 'banyan-stick-'));
const film = path.join(stick, 'camera.y4m');
const WIDTH = 640;
const HEIGHT = 480;
let bank;
let tablet;
let colleague;
let customer;

before(async () => {
  bank = await Bank.open(8107);
  tablet = await bank.enrol('2101', { ratio: 1 });
  // Its camera sees a film, which is made when there is something to see.
  colleague = await bank.enrol('2103', { flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`] });
  customer = await customerOf(tablet, 'wgl', /王桂兰/);
});

after(async () => {
  await tablet?.close();
  await colleague?.close();
  await bank?.close();
  rmSync(stick, { recursive: true, force: true });
});

// Saves as a file, from the sheet where one is open, and keeps what is downloaded.
async function saved(device, name) {
  const download = device.page.waitForEvent('download');
  await device.page.locator('#access').getByRole('button', { name: '存成文件', exact: true }).last().dispatchEvent('click');
  const file = path.join(stick, name);
  await (await download).saveAs(file);
  return file;
}

async function choose(device, file) {
  await go(device, '#/carry');
  const chooser = device.page.waitForEvent('filechooser');
  await device.tap('button', '选文件');
  await (await chooser).setFiles(file);
  await device.settled();
}

// What the person at headquarters types, beside the running server.
function carry(file, answer) {
  return execFileSync(process.env.BANYAN_SERVER ?? path.join(root, 'build/bin/banyan-server'),
    ['carry', file, '--answer', answer, '--data', bank.data], { encoding: 'utf8' });
}

const received = (device, n) => device.see('text', `总行已收 ${n}`);

test('[W8] a file on a stick, one command, the answer on the stick: headquarters has it, and says so', async () => {
  await tablet.offline();
  await change(tablet, customer, '住址', '柳林村四组 7 号');
  await go(tablet, '#/carry');
  await tablet.see('text', /^1 条更改总行还没收到/);
  const file = await saved(tablet, 'out.banyan');
  await tablet.see('text', /^已存成 device-\d+-\d+\.banyan/);
  await tablet.screenshot('carry');
  await go(tablet, '#/sync');
  await tablet.screenshot('sync');
  await tablet.see('text', '发送中 1');

  const answer = path.join(stick, 'back.banyan');
  assert.match(carry(file, answer), /: 1 new changes\n/);
  assert.match(carry(file, answer), /: 0 new changes\n/);  // twice does no harm
  await choose(tablet, answer);
  await tablet.see('text', /^已跟上总行，资料截至/);
  await choose(tablet, answer);
  await tablet.see('text', '这些以前都读过，没有新的。');
  await go(tablet, '#/sync');
  await received(tablet, 1);
  await tablet.offline(false);
});

test('[W8] a colleague takes a parcel along, hands it in when there is a network, and brings the answer', async () => {
  await tablet.offline();
  await colleague.offline();
  await change(tablet, customer, '工作单位', '柳林粮油合作社');
  await go(tablet, '#/carry');
  const file = await saved(tablet, 'to-colleague.banyan');
  await choose(colleague, file);
  await colleague.see('text', /^收下同事的 1 件/);
  await colleague.see('text', /1 件等着交给总行/);

  await colleague.offline(false);
  await syncNow(colleague);
  await go(colleague, '#/carry');
  await colleague.see('text', /有总行的回执，等着交还/);
  await colleague.tap('text', /号设备/);
  await colleague.screenshot('held');
  const answer = await saved(colleague, 'answer.banyan');
  await choose(tablet, answer);
  await tablet.see('text', /^已跟上总行，资料截至/);
  await go(tablet, '#/sync');
  await received(tablet, 2);
  await tablet.offline(false);
});

test('[W8] from a screen to a camera: a colleague films the codes, and has the parcel', async () => {
  await tablet.offline();
  await colleague.offline();
  await change(tablet, customer, '微信', 'wgl-liulin');
  await go(tablet, '#/carry');
  await tablet.tap('button', '显示二维码');
  await tablet.see('img', '正在变换的二维码');
  await tablet.screenshot('codes');
  writeFileSync(film, await filmed(tablet, 14));
  await tablet.tap('button', '对方收完了');
  await tablet.see('button', '显示二维码');

  await go(colleague, '#/carry');
  await colleague.tap('button', '用摄像头扫');
  await colleague.screenshot('camera');
  await colleague.see('text', /^收下同事的 1 件/, 60_000);
  await colleague.offline(false);
  await syncNow(colleague);
  await go(colleague, '#/carry');
  await colleague.see('text', /有总行的回执，等着交还/);
  assert.deepEqual(complaints(colleague), []);
  await tablet.offline(false);
  await syncNow(tablet);
  await received(tablet, 3);
});

test('what is no file of ours is left alone, and said so', async () => {
  const photo = path.join(stick, 'photo.jpg');
  writeFileSync(photo, Buffer.alloc(3000, 7));
  await choose(tablet, photo);
  await tablet.see('text', '这不是 Banyan 的文件，什么也没动。');
  assert.deepEqual(complaints(tablet), []);
});

// So many pictures of the screen as a film for a camera: YUV4MPEG2, grey.
async function filmed(device, pictures) {
  const frames = [];
  for (let i = 0; i < pictures; i += 1) {
    const png = await device.page.screenshot();
    frames.push(Buffer.from(await device.page.evaluate(greyOf, [png.toString('base64'), WIDTH, HEIGHT]), 'base64'));
    await device.page.waitForTimeout(100);
  }
  const colours = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const parts = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F5:1 Ip A1:1 C420jpeg\n`)];
  for (const grey of frames) parts.push(Buffer.from('FRAME\n'), grey, colours);
  return Buffer.concat(parts);
}

// In the page: the middle of a screenshot, as grey pixels.
async function greyOf([png, width, height]) {
  const image = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (c) => c.charCodeAt(0))]));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  const scale = Math.max(width / image.width, height / image.height);
  const [w, h] = [image.width * scale, image.height * scale];
  context.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
  const { data } = context.getImageData(0, 0, width, height);
  let text = '';
  for (let at = 0; at < data.length; at += 4) text += String.fromCharCode((data[at] + data[at + 1] + data[at + 2]) / 3);
  return btoa(text);
}
