// One real text field over a drawn one. Composition, the soft keyboard, selection and paste are the
// browser's; the value goes to the worker with every change, and comes back only when the program
// itself changed it.
const css = (abgr) => {
  const value = abgr >>> 0;
  return `rgba(${value & 255}, ${(value >>> 8) & 255}, ${(value >>> 16) & 255}, ${(value >>> 24) / 255})`;
};

export class Field {
  constructor(node, send) {
    const element = document.createElement((node.states & 256) ? 'textarea' : 'input');
    this.element = element;
    this.id = node.id;
    this.revision = -1;
    this.composing = false;
    this.late = null;
    this.send = send;
    element.className = 'field';
    element.autocomplete = 'off';
    element.spellcheck = false;
    element.setAttribute('autocapitalize', 'off');
    element.addEventListener('compositionstart', () => { this.composing = true; });
    element.addEventListener('compositionend', () => {
      this.composing = false;
      this.#tell();
      if (this.late) { this.#set(...this.late); this.late = null; }
    });
    element.addEventListener('input', () => this.#tell());
    element.addEventListener('blur', () => { this.composing = false; this.#tell({ finished: true }); });
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing || element.localName === 'textarea') return;
      event.preventDefault();
      this.#tell({ finished: true, enter: true });
    });
  }

  describe(node, has) {
    const element = this.element;
    const text = node.text;
    if (element.localName === 'input') {
      const type = has(512) ? 'password' : 'text';
      if (element.type !== type) element.type = type;
    }
    element.inputMode = text.keyboard;
    element.enterKeyHint = text.enter;
    element.placeholder = text.hint;
    element.readOnly = has(128);
    element.disabled = has(1);
    if (text.max > 0) element.maxLength = text.max;
    else element.removeAttribute('maxlength');
    if (text.rev === this.revision) return;
    if (this.composing) this.late = [node.value ?? '', text.rev];
    else this.#set(node.value ?? '', text.rev);
  }

  dress(node, scale) {
    const { size, line, color, hintColor, right } = node.text;
    const style = this.element.style;
    style.fontSize = `${size * scale}px`;
    style.lineHeight = `${line * scale}px`;
    style.color = style.caretColor = css(color);
    style.textAlign = right ? 'right' : 'left';
    style.setProperty('--hint', css(hintColor));
  }

  #set(value, revision) {
    this.revision = revision;
    if (this.element.value !== value) this.element.value = value;
  }

  #tell({ finished = false, enter = false } = {}) {
    this.send('text', this.id, this.element.value, Number(this.composing), Number(finished), Number(enter));
  }
}
