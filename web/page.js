// The page: makes the canvas and the worker, forwards what a person does, owns what must be DOM.
import { AccessTree } from './access_tree.js';
import { Camera } from './camera.js';
import { watchPointers } from './pointers.js';
import { findPlace } from './device.js';
import { Host } from './host.js';
import { watchScreen } from './screen.js';
import { watchUpdates } from './updates.js';

const stage = document.getElementById('stage');
const boot = document.getElementById('boot');
const host = new Host();
let worker = null;
let restarts = 0;
const waiting = { stats: [] };

const send = (...message) => worker?.postMessage(message);
const tree = new AccessTree(document.getElementById('access'), send);
const screen = watchScreen((now) => { tree.keepInPlace(); send('screen', ...now); });
watchPointers(document.body, tree, send);
const camera = new Camera(document.getElementById('camera'), (state, width, height, grey) => {
  worker?.postMessage(['camera', state, width, height, grey], [grey]);
});

function freshCanvas() {
  const canvas = document.createElement('canvas');
  stage.replaceChildren(canvas);
  return canvas.transferControlToOffscreen();
}

function startWorker() {
  const canvas = freshCanvas();
  worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module', name: 'banyan' });
  worker.onmessage = ({ data }) => receive(data.text ? JSON.parse(data.text) : data);
  worker.onerror = (event) => failed(event.message ?? 'the worker did not load');
  worker.postMessage(['start', canvas, { ...host.preferences(), hash: location.hash }, screen.now()], [canvas]);
}

// A worker that failed is replaced: what was saved is on the disk. One that keeps failing is left
// alone, and the person is told.
function failed(reason) {
  console.error('banyan worker:', reason);
  worker?.terminate();
  worker = null;
  tree.clear();
  camera.off();
  restarts += 1;
  if (restarts > 3) return host.showFailure(boot, reason);
  setTimeout(startWorker, 500 * restarts);
}

// Lets the worker finish and close its files; resolves when it is gone.
function stopWorker() {
  const old = worker;
  return new Promise((resolve) => {
    const patience = setTimeout(resolve, 5000);
    waiting.stopped = () => { clearTimeout(patience); resolve(); };
    old?.postMessage(['stop']);
  });
}

function receive(message) {
  switch (message.kind) {
    case 'nodes': return tree.update(message);
    case 'shell': tree.setScale(message.textScale); return host.applyShell(message);
    case 'focus': return tree.focus(message.id);
    case 'copy': return host.copy(message.text);
    case 'print': return window.print();
    case 'update': return updates.use(() => stopWorker());
    case 'pick': return host.pick(message).then((file) => worker?.postMessage(['file', ...file], file.slice(3)));
    case 'save': return host.save(message).then((done) => send('saved', message.request, done));
    case 'camera': return message.on
      ? camera.on([message.x, message.y, message.width, message.height].map((value) => value * tree.scale))
      : camera.off();
    case 'seen': return camera.seen();
    case 'place': return findPlace().then((fix) => send('place', message.request, ...fix));
    case 'ready': boot.hidden = true; setTimeout(() => { restarts = 0; }, 10_000); return undefined;
    case 'failed': return failed(message.reason);
    case 'lost': {
      const canvas = freshCanvas();
      return worker.postMessage(['canvas', canvas, screen.now()], [canvas]);
    }
    case 'stopped': return waiting.stopped?.();
    case 'stats': return waiting.stats.splice(0).forEach((resolve) => resolve(message));
    default: return undefined;
  }
}

window.addEventListener('hashchange', () => { if (!host.wroteHash(location.hash)) send('hash', location.hash); });
document.addEventListener('keydown', (event) => tree.key(event));

// For tests and measurements.
window.banyan = {
  stats: () => new Promise((resolve) => { waiting.stats.push(resolve); send('stats'); }),
  crashWorker: () => { failed('asked for'); },
};

const updates = watchUpdates(() => send('update'));
startWorker();
