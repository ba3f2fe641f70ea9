// The one worker: core, screen and database. It moves events in and messages out, nothing else.
import createBanyan from './banyan.js';

let app = null;
let framePlanned = false;
let timer = 0;

const TAKE_MS = 8000;

const nextFrame = self.requestAnimationFrame
  ? (callback) => self.requestAnimationFrame(callback)
  : (callback) => setTimeout(callback, 16);

const host = {
  toPage(text) { self.postMessage({ text }); },
  saveFile(request, share, name, bytes) {
    self.postMessage({ kind: 'save', request, share, name, bytes }, [bytes.buffer]);
  },
  askFrame() {
    if (framePlanned) return;
    framePlanned = true;
    nextFrame(() => { framePlanned = false; guarded(() => app._bn_frame()); });
  },
  // A picture for the screen, at most `side` pixels a side; an empty answer when it is none.
  async decodePicture(request, file, side) {
    const { width, height, data } = await pixelsOf(file, side).catch(() => ({ width: 0, height: 0, data: new Uint8Array(0) }));
    guarded(() => {
      const at = app._malloc(Math.max(1, data.length));
      app.HEAPU8.set(data, at);
      app._bn_picture(request, width, height, at, data.length);
    });
  },
  // In another window: wait for it so long.
  wantStorage() { app.takeStorage(TAKE_MS).then(() => guarded(() => app._bn_storage())); },
  // Another window asks: nothing of ours is open any more when it gets the files.
  storageWanted() {
    whenStarted(() => {
      app._bn_hand_over();
      app.closeStorage();
    });
  },
  // Answers of fetch() and of the passphrase worker come in between two events.
  banyanWake() { guarded(() => app._bn_core()); },
  wakeIn(ms) {
    clearTimeout(timer);
    timer = setTimeout(() => guarded(() => app._bn_wake()), ms);
  },
};

// An assertion of ours or a trap ends this worker; the page starts another.
function guarded(work) {
  try {
    work();
  } catch (error) {
    self.postMessage({ kind: 'failed', reason: String(error?.stack ?? error) });
    self.close();
  }
}

async function pixelsOf(file, side) {
  const image = await createImageBitmap(new Blob([file]));
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, width, height);
  image.close();
  return context.getImageData(0, 0, width, height);
}

function withText(text, work) {
  const size = app.lengthBytesUTF8(text) + 1;
  const at = app._malloc(size);
  app.stringToUTF8(text, at, size);
  work(at);
  app._free(at);
}

const fontFiles = [['fonts/regular.ttf', 0], ['fonts/icons.ttf', 3], ['fonts/medium.ttf', 1], ['fonts/bold.ttf', 2]];
const fullFont = ['fonts/full.ttf', 4];

async function loadFont([path, slot]) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return () => {
    const at = app._malloc(bytes.length);
    app.HEAPU8.set(bytes, at);
    app._bn_font(slot, at, bytes.length);
  };
}

// The large font is not needed for the first screens: it comes when they stand.
async function loadFullFont() {
  try {
    const give = await loadFont(fullFont);
    guarded(give);
  } catch (error) {
    console.warn('rare characters are not there yet:', error);
    setTimeout(loadFullFont, 60_000);
  }
}

function watchContext(canvas) {
  canvas.addEventListener('webglcontextlost', () => self.postMessage({ kind: 'lost' }));
}

async function start([canvas, options, screen]) {
  const fonts = Promise.all(fontFiles.map(loadFont));
  app = await createBanyan({ canvas, noInitialRun: true, ...host });
  watchContext(canvas);
  await app.prepareStorage();
  let started = 0;
  withText(options.hash, (hash) => {
    started = app._bn_start(options.language, options.theme, options.followsSystem, options.textScale, hash);
  });
  if (!started) throw new Error('no WebGL 2');
  app._bn_resize(...screen);
  for (const give of await fonts) give();
  self.postMessage({ kind: 'ready' });
  setTimeout(loadFullFont, 1500);
}

const handlers = {
  canvas([canvas, screen]) {
    app.useCanvas(canvas);
    watchContext(canvas);
    app._bn_canvas();
    app._bn_resize(...screen);
  },
  pointer([action, kind, x, y, dx, dy, when]) {
    app._bn_pointer(action, kind, x, y, dx, dy, when - performance.timeOrigin);
  },
  key([name, ctrl, shift, alt]) { withText(name, (at) => app._bn_key(at, ctrl, shift, alt)); },
  text([item, value, composing, finished, enter]) {
    withText(value, (at) => app._bn_text(item, at, composing, finished, enter));
  },
  focus([item, visible]) { app._bn_focus(item, visible); },
  activate([item, context]) { app._bn_activate(item, context); },
  screen(screen) { app._bn_resize(...screen); },
  hash([hash]) { withText(hash, (at) => app._bn_hash(at)); },
  file([request, name = '', type = '', buffer = new ArrayBuffer(0)]) {
    const bytes = new Uint8Array(buffer);
    const at = app._malloc(Math.max(1, bytes.length));
    app.HEAPU8.set(bytes, at);
    withText(name, (name_at) => withText(type, (type_at) => app._bn_file(request, name_at, type_at, at, bytes.length)));
  },
  saved([request, done]) { app._bn_saved(request, done ? 1 : 0); },
  camera([state, width, height, buffer]) {
    const grey = new Uint8Array(buffer);
    const at = app._malloc(Math.max(1, grey.length));
    app.HEAPU8.set(grey, at);
    app._bn_camera(state, width, height, at);
    self.postMessage({ kind: 'seen' });
  },
  place([request, state, latitude, longitude, accuracy]) {
    app._bn_place(request, state, latitude, longitude, accuracy);
  },
  update() { app._bn_update_ready(); },
  tree() { app._bn_page_restarted(); },
  stats() { self.postMessage({ kind: 'stats', frames: app._bn_frames(), planned: framePlanned, memory: app.HEAPU8.length }); },
  async stop() {
    await app.closeStorage();
    self.postMessage({ kind: 'stopped' });
    self.close();
  },
};

// Events that come while the app is still starting wait for it, in order.
let starting = null;
const whenStarted = (work) => (starting ? starting.then(() => guarded(work)) : guarded(work));
self.onmessage = ({ data: [kind, ...rest] }) => {
  if (kind === 'start') {
    starting = start(rest).catch((error) => {
      self.postMessage({ kind: 'failed', reason: String(error?.stack ?? error) });
      self.close();
    });
    starting = starting.then(() => { starting = null; });
  } else {
    whenStarted(() => handlers[kind](rest));
  }
};
