// New versions of the app: fetched in the background, used when the person says so.
const HOUR = 3_600_000;

// Calls `ready` when a new version lies on the device. `use(stop)` switches to it.
export function watchUpdates(ready) {
  let registration = null;

  function look(worker) {
    if (!worker) return;
    const installed = () => { if (worker.state === 'installed' && navigator.serviceWorker.controller) ready(); };
    worker.addEventListener('statechange', installed);
    installed();
  }

  async function start() {
    registration = await navigator.serviceWorker.register('sw.js');
    registration.addEventListener('updatefound', () => look(registration.installing));
    look(registration.waiting);
    // Offline is usual here: a failed look is no event.
    setInterval(() => registration.update().catch(() => {}), HOUR);
    window.addEventListener('online', () => registration.update().catch(() => {}));
  }
  if ('serviceWorker' in navigator) {
    start().catch((error) => console.warn('the app is not kept on this device:', error));
  }

  return {
    async use(stop) {
      if (!registration?.waiting) return;
      await stop();
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
      registration.waiting.postMessage('use this version');
    },
  };
}
