// What only the device knows: where it is, and what its camera sees.
const PLACE_PATIENCE_MS = 30_000;
const PHOTO_SIDE_MAX = 1600;
const PHOTO_QUALITY = 0.8;

// Asked once, never watched: [state, latitude, longitude, accuracy]; degrees and metres. The states
// are those of `Fix` in client/device.h.
export function findPlace() {
  const found = 0, refused = 1, nowhere = 2;
  if (!navigator.geolocation) return Promise.resolve([nowhere, 0, 0, 0]);
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve([found, coords.latitude, coords.longitude, coords.accuracy]),
      (error) => resolve([error.code === error.PERMISSION_DENIED ? refused : nowhere, 0, 0, 0]),
      { enableHighAccuracy: true, timeout: PLACE_PATIENCE_MS, maximumAge: 0 });
  });
}

// A picture as it is kept: a JPEG of at most 1600 pixels a side, upright, without what the camera
// wrote into it. What cannot be read comes back as it was; the core says so.
export async function smallPhoto(file) {
  let image = null;
  try {
    image = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return file;
  }
  const scale = Math.min(1, PHOTO_SIDE_MAX / Math.max(image.width, image.height));
  const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: PHOTO_QUALITY });
  return new File([blob], file.name || 'photo.jpg', { type: blob.type });
}
