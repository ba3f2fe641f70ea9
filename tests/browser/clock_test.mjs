// Tablets whose clocks jump by ten years while people work: nothing is refused, nothing is lost,
// and nobody is beaten by a stamp from the future.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bank, change, complaints, customerOf, go, syncNow, unlock } from './bank.mjs';

const MINUTE = 60_000;
const TEN_YEARS = 10 * 365.25 * 24 * 60 * MINUTE;
let bank;
let tablet;  // the one with the bad clock
let laptop;
let customer;

before(async () => {
  bank = await Bank.open(8097);
  tablet = await bank.enrol('2101');
  laptop = await bank.enrol('2101');
  customer = await customerOf(tablet, 'wgl', /王桂兰/);
});

after(async () => {
  await tablet?.close();
  await laptop?.close();
  await bank?.close();
});

// What the core takes for the time is what its worker's Date says.
async function jump(device, ms) {
  const [worker] = device.page.workers().filter((one) => one.url().endsWith('/worker.js'));
  await worker.evaluate((shift) => {
    const real = Date.now.bind(Date);
    Date.now = () => real() + shift;
  }, ms);
}

async function shows(device, field, value) {
  await go(device, `#/customer/${customer}`);
  await go(device, `#/edit/customer/${customer}`);
  await device.page.waitForFunction(([name, wanted]) => [...document.querySelectorAll('#access input')]
    .some((one) => one.getAttribute('aria-label')?.startsWith(name) && one.value === wanted), [field, value], { timeout: 20_000 });
  await device.tap('button', '取消');
}

test('[W4] work under a clock ten years ahead is kept and synced, and a later change of a colleague wins', async () => {
  await laptop.page.goto('about:blank');  // it hears nothing of what comes
  await jump(tablet, TEN_YEARS);
  await change(tablet, customer, '工作单位', '十年后的合作社');
  await syncNow(tablet);
  await bank.stop();
  await laptop.open();
  await unlock(laptop);
  await jump(laptop, 10 * MINUTE);  // as if ten minutes had gone by
  await change(laptop, customer, '工作单位', '十分钟后的合作社');
  await bank.start();
  await syncNow(laptop);
  await syncNow(tablet);
  for (const device of [laptop, tablet]) await shows(device, '工作单位', '十分钟后的合作社');
});

test('[W4] and so is work under a clock ten years behind', async () => {
  await tablet.reload();
  await unlock(tablet);
  await jump(tablet, -TEN_YEARS);
  await change(tablet, customer, '微信', 'ten_years_ago');
  await syncNow(tablet);
  await syncNow(laptop);
  await shows(laptop, '微信', 'ten_years_ago');
  await change(laptop, customer, '微信', 'after_that');
  await syncNow(laptop);
  await syncNow(tablet);
  for (const device of [laptop, tablet]) await shows(device, '微信', 'after_that');
  assert.deepEqual([...complaints(tablet), ...complaints(laptop)], []);
});

test('[W10] headquarters is told which work came with a stamp that cannot be', async () => {
  const headquarters = await bank.enrol('1001');
  await go(headquarters, '#/hq');
  await headquarters.see('text', /王桂兰.*待核/);
  await headquarters.close();
});
