// Keeps every file of this version on the device, so that the app opens with the server gone.
//
// A new version is fetched whole beside the old one and waits until the person says so: pages never
// run on a mixture of two versions. The build puts the version and the files in (precache.mjs).
const VERSION = '@VERSION@';
const FILES = ['@FILES@'];
const CACHE = `banyan-${VERSION}`;

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // Past the HTTP cache: a proxy's old copy must not get into a new version.
    await cache.addAll(FILES.map((file) => new Request(file, { cache: 'no-cache' })));
    // The very first version has nothing to wait for.
    if (!self.registration.active) await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('banyan-') && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener('message', (event) => { if (event.data === 'use this version') self.skipWaiting(); });

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  const path = url.pathname.slice(new URL(self.registration.scope).pathname.length);
  const page = event.request.mode === 'navigate' && (path === '' || path === 'index.html');
  const file = page ? './' : path;
  if (!FILES.includes(file)) return;  // the server's own: sync, administration
  event.respondWith((async () => {
    const cache = await caches.open(CACHE);
    return (await cache.match(new URL(file, self.registration.scope))) ?? fetch(event.request);
  })());
});
