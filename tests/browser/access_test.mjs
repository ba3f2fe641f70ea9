// The screens as assistive technology gets them, judged by axe.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Bank, customerOf, go } from './bank.mjs';
import { axeSource } from './harness.mjs';

const axe = readFileSync(axeSource, 'utf8');
let bank;
let officer;
let headquarters;
let customer;

before(async () => {
  bank = await Bank.open(8098);
  officer = await bank.enrol('2101');
  headquarters = await bank.enrol('1001');
  customer = await customerOf(officer, 'wgl', /王桂兰/);
});

after(async () => {
  await officer?.close();
  await headquarters?.close();
  await bank?.close();
});

async function findings(device) {
  await device.settled();
  await device.page.evaluate(axe);
  return device.page.evaluate(async () => {
    // Colours are drawn on the canvas; the theme's contrast is tested where it is made.
    const { violations } = await window.axe.run('#access', { rules: { 'color-contrast': { enabled: false } } });
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}

const routes = () => ['#/today', '#/customers', `#/customer/${customer}`, `#/customer/${customer}?tab=contact`,
  `#/customer/${customer}?tab=profile`, `#/edit/customer/${customer}`, `#/visit/${customer}`, '#/sync', '#/settings'];

test('axe finds nothing serious on the screens of a day', async () => {
  const all = {};
  for (const route of routes()) {
    await go(officer, route);
    assert.ok((await officer.page.locator('#access *').count()) > 10, `${route} is empty`);
    const wrong = await findings(officer);
    if (wrong.length > 0) all[route] = wrong;
  }
  assert.deepEqual(all, {});
});

test('axe finds nothing serious at headquarters, at the door, and in a second window', async () => {
  await go(headquarters, '#/hq');
  await headquarters.see('text', /已备份到/);
  assert.deepEqual(await findings(headquarters), []);
  const second = await officer.window();
  await second.see('button', '在这里使用');
  assert.deepEqual(await findings(second), []);
  await second.page.close();
  await officer.reload();
  await officer.see('textbox', '口令');
  assert.deepEqual(await findings(officer), []);
});
