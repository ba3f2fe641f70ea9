// What only a page can do: preferences, address, clipboard, files, install, updates.
import { smallPhoto } from './device.js';

const PREFERENCES = 'banyan.preferences';
const SPEECH = {
  zh: { failed: 'Banyan 没能打开', again: '再试一次', saved: '已存的都在本机。' },
  en: { failed: 'Banyan could not open', again: 'Try again', saved: 'What was saved is on this device.' },
};

export class Host {
  #lastHash = null;

  // Kept for the next start; the worker has no such place of its own. Nothing secret.
  preferences() {
    const fallback = {
      language: navigator.language.startsWith('zh') ? 0 : 1, theme: 0, followsSystem: 1, textScale: 1,
    };
    try {
      return { ...fallback, ...JSON.parse(localStorage.getItem(PREFERENCES) ?? '{}') };
    } catch {
      return fallback;
    }
  }

  applyShell({ hash, title, language, background, bar, dark, theme, followsSystem, textScale }) {
    if (location.hash !== hash) {
      this.#lastHash = hash;
      location.hash = hash;
    }
    document.title = title ? `${title} · Banyan` : 'Banyan';
    document.documentElement.lang = language;
    document.documentElement.style.background = document.body.style.background = background;
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
    document.querySelector('meta[name=theme-color]').content = bar;
    localStorage.setItem(PREFERENCES, JSON.stringify({
      language: language === 'en' ? 1 : 0, theme, followsSystem: Number(followsSystem), textScale,
    }));
  }

  // True for the change that we made ourselves.
  wroteHash(hash) {
    const ours = hash === this.#lastHash;
    this.#lastHash = null;
    return ours;
  }

  copy(text) { return navigator.clipboard.writeText(text); }

  // [request, name, type, bytes], or [request] when the person chose nothing.
  pick({ request, accept, camera }) {
    const input = document.getElementById('file');
    input.accept = accept;
    if (camera) input.setAttribute('capture', 'environment');
    else input.removeAttribute('capture');
    input.value = '';
    return new Promise((resolve) => {
      input.onchange = async () => {
        const chosen = input.files[0];
        const file = chosen && camera ? await smallPhoto(chosen) : chosen;
        resolve(file ? [request, file.name, file.type, await file.arrayBuffer()] : [request]);
      };
      input.oncancel = () => resolve([request]);
      input.click();
    });
  }

  // A file for the person: to another app of the device where that is possible, else a download.
  async save({ share, name, bytes }) {
    const file = new File([bytes], name, { type: 'application/octet-stream' });
    if (share && navigator.canShare?.({ files: [file] })) {
      try {
        await navigator.share({ files: [file] });
        return true;
      } catch (error) {
        if (error.name === 'AbortError') return false;  // the person thought better of it
      }
    }
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return true;
  }

  showFailure(boot, reason) {
    const words = SPEECH[document.documentElement.lang.startsWith('en') ? 'en' : 'zh'];
    const again = document.createElement('button');
    again.textContent = words.again;
    again.onclick = () => location.reload();
    const code = document.createElement('small');
    code.textContent = String(reason).split('\n')[0].slice(0, 120);
    const line = document.createElement('p');
    line.textContent = `${words.failed}。${words.saved}`;
    boot.replaceChildren(line, again, code);
    boot.hidden = false;
  }
}
