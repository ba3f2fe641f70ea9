// What the camera sees, in grey, for the core to look for QR codes: one picture at a time, the next
// when the worker has seen the last.
const SIDE_MAX = 1280;  // pixels of the picture that goes to the worker
const PAUSE_MS = 80;
const HERE = 0, REFUSED = 1, MISSING = 2;  // the states of CameraPicture in client/device.h

export class Camera {
  #video; #show; #wanted = false; #stream = null; #canvas = null; #timer = 0;

  // `show(state, width, height, grey)` brings a picture, or why there is none.
  constructor(video, show) {
    this.#video = video;
    this.#show = show;
  }

  // The place of the picture on the screen, in CSS pixels.
  async on([x, y, width, height]) {
    Object.assign(this.#video.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
    if (this.#wanted) return;
    this.#wanted = true;
    try {
      if (!navigator.mediaDevices) throw new DOMException('', 'NotFoundError');
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: false, video: { facingMode: 'environment', width: { ideal: SIDE_MAX }, height: { ideal: 720 } },
      });
      if (!this.#wanted) return this.#stop(stream);  // meanwhile nobody wants it
      this.#stream = stream;
      this.#video.srcObject = stream;
      await this.#video.play();
      this.#video.hidden = false;
      this.#take();
    } catch (error) {
      this.off();
      this.#show(error.name === 'NotAllowedError' ? REFUSED : MISSING, 0, 0, new ArrayBuffer(0));
    }
  }

  off() {
    this.#wanted = false;
    clearTimeout(this.#timer);
    this.#video.hidden = true;
    this.#video.srcObject = null;
    this.#stop(this.#stream);
    this.#stream = null;
  }

  // The worker has looked at the last picture.
  seen() {
    clearTimeout(this.#timer);
    if (this.#stream) this.#timer = setTimeout(() => this.#take(), PAUSE_MS);
  }

  #stop(stream) { stream?.getTracks().forEach((track) => track.stop()); }

  #take() {
    const { videoWidth, videoHeight } = this.#video;
    if (!this.#stream) return undefined;
    if (!videoWidth) return this.seen();  // no picture yet
    const scale = Math.min(1, SIDE_MAX / Math.max(videoWidth, videoHeight));
    const width = Math.round(videoWidth * scale);
    const height = Math.round(videoHeight * scale);
    this.#canvas ??= new OffscreenCanvas(width, height);
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    const context = this.#canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(this.#video, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    const grey = new Uint8Array(width * height);
    for (let i = 0, at = 0; i < grey.length; i += 1, at += 4) {
      grey[i] = (data[at] * 77 + data[at + 1] * 150 + data[at + 2] * 29) >> 8;
    }
    return this.#show(HERE, width, height, grey.buffer);
  }
}
