// Mouse, finger, pen and wheel, as compact messages. The text fields lie above the canvas and keep
// their own pointer behaviour; the canvas hears of it all the same, so a drag can start on a field.
const ACTION = { pointermove: 0, pointerdown: 1, pointerup: 2, pointercancel: 3 };
const KIND = { mouse: 0, touch: 1, pen: 2 };
const TAP_SLOP = 10;
const LINE = 40;

// The worker counts time from another moment than the page.
const whenOf = (event) => performance.timeOrigin + event.timeStamp;

export function watchPointers(target, tree, send) {
  let active = null;  // the first finger; others are ignored, and so is pinching
  let start = null;

  function forward(event) {
    if (event.pointerType === 'touch' && active !== null && event.pointerId !== active) return;
    const kind = KIND[event.pointerType] ?? 0;
    if (event.type === 'pointerdown') {
      if (event.button !== 0) return;
      active = event.pointerId;
      start = { x: event.clientX, y: event.clientY };
      if (!tree.isField(event.target)) target.setPointerCapture(event.pointerId);
    } else if (event.type !== 'pointermove') {
      active = null;
    }
    const points = event.getCoalescedEvents?.() ?? [];
    const last = points.length > 0 ? points[points.length - 1] : event;
    send('pointer', ACTION[event.type], kind, last.clientX, last.clientY, 0, 0, whenOf(event));
  }

  const moved = (event) => !start || Math.hypot(event.clientX - start.x, event.clientY - start.y) >= TAP_SLOP;

  for (const name of Object.keys(ACTION)) target.addEventListener(name, forward);
  target.addEventListener('pointerup', (event) => {
    if (!moved(event)) tree.tapped(event.clientX, event.clientY, event.target, event.pointerType);
  });
  // The keyboard of a tablet rises only if the field is focused inside touchend.
  target.addEventListener('touchend', (event) => {
    const touch = event.changedTouches[0];
    if (event.changedTouches.length === 1 && !moved(touch)) tree.focusField(touch.clientX, touch.clientY);
  });
  target.addEventListener('pointerleave', (event) => send('pointer', 4, KIND[event.pointerType] ?? 0, -1, -1, 0, 0, whenOf(event)));
  target.addEventListener('contextmenu', (event) => {
    if (tree.isField(event.target)) return;
    event.preventDefault();
    if (event.pointerType !== 'touch') send('pointer', 6, 0, event.clientX, event.clientY, 0, 0, whenOf(event));
  });
  target.addEventListener('wheel', (event) => {
    if (event.ctrlKey) return;  // zooming is the browser's
    event.preventDefault();
    const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? innerHeight : 1;
    const across = event.shiftKey && event.deltaX === 0;
    send('pointer', 5, 0, event.clientX, event.clientY, (across ? event.deltaY : event.deltaX) * unit,
      (across ? 0 : event.deltaY) * unit, whenOf(event));
  }, { passive: false });
  for (const name of ['gesturestart', 'dblclick']) target.addEventListener(name, (event) => event.preventDefault());
}
