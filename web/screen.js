// The size of the screen as the worker wants it, whenever it changes: window, zoom, rotation, soft
// keyboard, the system's wishes.
export function watchScreen(changed) {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const probe = document.createElement('div');
  probe.style.cssText = 'position:fixed;visibility:hidden;padding:env(safe-area-inset-top) 0 env(safe-area-inset-bottom)';
  document.body.append(probe);

  function now() {
    const inset = getComputedStyle(probe);
    const viewport = window.visualViewport;
    // What the soft keyboard covers: the visual viewport is smaller than the window.
    const keyboard = viewport && viewport.scale === 1 ? Math.max(0, innerHeight - viewport.height - viewport.offsetTop) : 0;
    return [innerWidth, innerHeight, devicePixelRatio, parseFloat(inset.paddingTop), parseFloat(inset.paddingBottom),
      keyboard, Number(still.matches), Number(dark.matches)];
  }

  let last = '';
  const look = () => {
    const next = now();
    if (String(next) === last) return;
    last = String(next);
    changed(next);
  };
  for (const target of [window, window.visualViewport, dark, still]) {
    target?.addEventListener(target === dark || target === still ? 'change' : 'resize', look);
  }
  // The browser pans to a focused field; we move the field instead.
  window.visualViewport?.addEventListener('scroll', () => window.scrollTo(0, 0));
  // A move to another monitor changes the ratio without a resize.
  const watchRatio = () => {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', () => { look(); watchRatio(); }, { once: true });
  };
  watchRatio();
  return { now };
}
