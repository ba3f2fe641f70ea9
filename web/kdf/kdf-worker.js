// One question, one answer; the page's worker then ends this one, and the
// memory goes back to the system.
import createKdf from './banyan-kdf.js';

self.onmessage = async ({data}) => {
  const kdf = await createKdf();
  if (data.calibrate) {
    self.postMessage({memoryKib: kdf._kdf_calibrate()});
    return;
  }
  const {passphrase, salt, memoryKib, passes} = data;
  const at = kdf._malloc(passphrase.length + salt.length + 32);
  kdf.HEAPU8.set(passphrase, at);
  kdf.HEAPU8.set(salt, at + passphrase.length);
  passphrase.fill(0);
  const out = at + passphrase.length + salt.length;
  const error = kdf._kdf_stretch(at, passphrase.length, at + passphrase.length, memoryKib, passes, out);
  self.postMessage({error, key: kdf.HEAPU8.slice(out, out + 32)});
  kdf.HEAPU8.fill(0, at, out + 32);
};
