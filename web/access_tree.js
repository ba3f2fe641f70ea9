// Real elements over the drawn ones: for screen readers, the keyboard, the text overlay and tests.
//
// The worker sends which nodes changed and the reading order. Elements keep their identity as long
// as their node lives, so focus and a composing input method are never disturbed.
import { Field } from './field.js';

const STATE = {
  disabled: 1, checked: 2, selected: 4, busy: 8, current: 16, invalid: 32, required: 64, readOnly: 128,
  multiline: 256, secret: 512, context: 1024, expanded: 2048, collapsed: 4096, modal: 8192, noFocus: 16384,
};
const GROUPS = new Set(['group', 'list', 'table', 'tablist', 'radiogroup', 'navigation', 'main', 'banner', 'dialog']);
const FOCUSABLE = new Set(['button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'row', 'listitem']);
const CHECKABLE = new Set(['checkbox', 'radio', 'switch']);
const KEYS = new Set(['Escape', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End', 'F6', 'Delete']);

export class AccessTree {
  constructor(root, send) {
    this.root = root;
    this.send = send;
    this.entries = new Map();  // id -> { node, element, field }
    this.scale = 1;
    this.returnTo = [];        // where the keyboard was before each modal
    root.addEventListener('focusin', (event) => this.#focused(event.target));
    root.addEventListener('focusout', (event) => { if (!event.relatedTarget) send('focus', 0, 0); });
    root.addEventListener('click', (event) => this.#clicked(event));
  }

  setScale(scale) {
    if (this.scale === scale) return;
    this.scale = scale;
    for (const entry of this.entries.values()) this.#place(entry);
  }

  clear() {
    this.root.replaceChildren();
    this.entries.clear();
    this.returnTo = [];
  }

  update({ changed, order }) {
    const modals = [];
    const active = document.activeElement;  // a modal makes it inert, which takes the keyboard away
    for (const node of changed) {
      let entry = this.entries.get(node.id);
      let before = null;  // what stood here for the same id: without a new order nobody else arranges
      if (entry && this.#kindOf(entry.node) !== this.#kindOf(node)) {
        before = entry.element;
        entry = null;
      }
      if (!entry) {
        entry = this.#create(node);
        if (GROUPS.has(node.role)) entry.element.append(...(before?.childNodes ?? []));
        before?.replaceWith(entry.element);
        this.entries.set(node.id, entry);
        if (node.role === 'dialog' && (node.states & STATE.modal)) modals.push(entry);
      }
      entry.node = node;
      this.#describe(entry);
      this.#place(entry);
    }
    if (order) this.#arrange(order);
    for (const modal of modals) this.#enterModal(modal, active);
  }

  focus(id) { this.entries.get(id)?.element.focus({ preventScroll: true }); }
  isField(element) { return element instanceof Element && element.classList.contains('field'); }
  keepInPlace() { this.root.scrollTop = this.root.scrollLeft = 0; }

  // A tap or click at this place moves the keyboard there, without a ring.
  tapped(x, y, target, pointerType) {
    if (this.isField(target)) return;
    const entry = this.#at(x, y, (node) => (FOCUSABLE.has(node.role) || node.role === 'textbox') && !(node.states & STATE.noFocus));
    if (entry?.field) {
      entry.element.focus({ preventScroll: true });
    } else if (entry && pointerType === 'mouse') {
      entry.element.focus({ preventScroll: true, focusVisible: false });
    } else if (this.root.contains(document.activeElement)) {
      document.activeElement.blur();
    }
  }

  focusField(x, y) {
    const entry = this.#at(x, y, (node) => node.role === 'textbox');
    if (entry && document.activeElement !== entry.element) entry.element.focus({ preventScroll: true });
  }

  // Keys that no element of ours has used.
  key(event) {
    const target = event.target;
    const entry = this.#entryOf(target);
    if (entry?.field) {
      if (event.key === 'Escape' && !event.isComposing) {
        target.blur();
        this.send('key', 'Escape', 0, 0, 0);
      }
      return;
    }
    if (entry && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      this.send('activate', entry.node.id, 0);
      return;
    }
    if (entry && (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10'))) {
      event.preventDefault();
      this.send('activate', entry.node.id, 1);
      return;
    }
    const command = (event.ctrlKey || event.metaKey) && event.key === 'k';
    if (!KEYS.has(event.key) && !command) return;
    event.preventDefault();
    this.send('key', event.key, Number(event.ctrlKey || event.metaKey), Number(event.shiftKey), Number(event.altKey));
  }

  #kindOf(node) {
    const shape = node.role === 'textbox' ? `${node.states & STATE.multiline}` : node.role === 'heading' ? node.level : '';
    return node.role + shape;
  }

  #create(node) {
    if (node.role === 'textbox') {
      const field = new Field(node, this.send);
      field.element.dataset.id = node.id;
      return { node, field, element: field.element };
    }
    const name = node.role === 'heading' ? `h${node.level || 2}` : node.role === 'button' ? 'button' : 'div';
    const element = document.createElement(name);
    element.dataset.id = node.id;
    element.className = GROUPS.has(node.role) ? 'group' : 'node';
    if (name === 'button') element.type = 'button';
    else if (name === 'div' && node.role !== 'text') element.setAttribute('role', node.role);
    return { node, element, field: null };
  }

  #describe({ node, element, field }) {
    const states = node.states ?? 0;
    const set = (name, value) => {
      if (value === null || value === undefined || value === false) element.removeAttribute(name);
      else element.setAttribute(name, String(value));
    };
    const has = (bit) => (states & bit) !== 0;
    element.inert = Boolean(node.inert);
    set('aria-description', node.hint || null);
    set('aria-disabled', has(STATE.disabled) || null);
    set('aria-busy', has(STATE.busy) || null);
    set('aria-current', has(STATE.current) ? 'page' : null);
    if (field) {
      field.describe(node, has);
      set('aria-label', node.name);
      set('aria-required', has(STATE.required) || null);
      set('aria-invalid', has(STATE.invalid) || null);
      return;
    }
    if (CHECKABLE.has(node.role)) set('aria-checked', String(has(STATE.checked)));
    if (node.role === 'tab' || node.role === 'row') set('aria-selected', has(STATE.selected) || (node.role === 'tab' ? 'false' : null));
    if (has(STATE.expanded) || has(STATE.collapsed)) set('aria-expanded', String(has(STATE.expanded)));
    if (node.size) { set('aria-posinset', node.pos); set('aria-setsize', node.size); }
    if (node.role === 'progressbar') { set('aria-valuenow', node.value); set('aria-valuemin', 0); set('aria-valuemax', 100); }
    set('aria-modal', has(STATE.modal) || null);
    if (FOCUSABLE.has(node.role)) element.tabIndex = has(STATE.noFocus) ? -1 : 0;
    if (GROUPS.has(node.role) || node.role === 'img' || node.role === 'progressbar') set('aria-label', node.name);
    else if (element.textContent !== node.name) element.textContent = node.name;
  }

  #place({ node, element, field }) {
    if (GROUPS.has(node.role)) return;
    const scaled = ([x, y, w, h]) => [x, y, w, h].map((value) => value * this.scale);
    const [x, y, w, h] = scaled(field ? node.text.box : node.rect);
    const style = element.style;
    style.left = `${x}px`;
    style.top = `${y}px`;
    style.width = `${w}px`;
    style.height = `${h}px`;
    if (!field) return;
    field.dress(node, this.scale);
    // Only the part inside its scrolling area shows and can be hit.
    const [cx, cy, cw, ch] = scaled(node.clip);
    const cut = [cy - y, x + w - cx - cw, y + h - cy - ch, cx - x].map((value) => `${Math.max(0, value)}px`);
    style.clipPath = `inset(${cut.join(' ')})`;
  }

  // Puts elements in reading order under their groups, moving as few as possible.
  #arrange(order) {
    const keep = new Set(order);
    for (const [id, entry] of this.entries) {
      if (keep.has(id)) continue;
      this.#leave(entry);
      this.entries.delete(id);
    }
    const next = new Map();  // parent element -> the child that stands where the next one belongs
    for (const id of order) {
      const entry = this.entries.get(id);
      const parent = this.entries.get(entry.node.parent)?.element ?? this.root;
      const here = next.has(parent) ? next.get(parent) : parent.firstChild;
      if (entry.element === here) {
        next.set(parent, here.nextSibling);
      } else {
        parent.insertBefore(entry.element, here);
        next.set(parent, here);
      }
    }
  }

  #leave({ element, node }) {
    const modal = node.role === 'dialog' && (node.states & STATE.modal);
    element.remove();
    if (!modal) return;
    const before = this.returnTo.pop();
    if (before?.isConnected) before.focus({ preventScroll: true, focusVisible: false });
  }

  #enterModal({ element }, before) {
    this.returnTo.push(before);
    element.querySelector('[tabindex="0"], button, .field')?.focus({ preventScroll: true });
  }

  #at(x, y, fits) {
    const inside = ([left, top, width, height]) =>
      x >= left * this.scale && x < (left + width) * this.scale && y >= top * this.scale && y < (top + height) * this.scale;
    let found = null;
    for (const element of this.root.querySelectorAll('[data-id]')) {
      const entry = this.entries.get(Number(element.dataset.id));
      if (entry && !entry.node.inert && fits(entry.node) && inside(entry.node.rect) && inside(entry.node.clip)) found = entry;
    }
    return found;
  }

  #entryOf(element) { return element?.dataset?.id ? this.entries.get(Number(element.dataset.id)) : undefined; }

  #focused(element) {
    const entry = this.#entryOf(element);
    if (entry) this.send('focus', entry.node.id, Number(element.matches(':focus-visible')));
  }

  // Screen readers and tests click the element itself; fingers and mice reach the canvas.
  #clicked(event) {
    const entry = this.#entryOf(event.target);
    if (entry && !entry.field) this.send('activate', entry.node.id, 0);
  }
}
