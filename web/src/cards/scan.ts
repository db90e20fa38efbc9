// The text of a QR in a picture or before the camera: by the browser's own reader where there is one, by jsQR otherwise.

interface Detector {
  detect(source: ImageBitmapSource): Promise<{ rawValue: string }[]>;
}

type Reader = (source: HTMLVideoElement | ImageBitmap, largest?: number) => Promise<string | null>;

/** Longest side of a picture that is read, in pixels. */
const LARGEST = 1_600;
/** Longest sides at which a picture is tried: jsQR misses codes at one size that it reads at another. */
const SIDES = [LARGEST, 1_000, 800, 1_300, 640, 480];

async function reader(): Promise<Reader> {
  const native = (globalThis as { BarcodeDetector?: new (options: object) => Detector }).BarcodeDetector;
  if (native) {
    try {
      const detector = new native({ formats: ["qr_code"] });
      return async (source) => (await detector.detect(source))[0]?.rawValue ?? null;
    } catch {
      // There is one, but it reads no QR.
    }
  }
  const { default: jsQR } = await import("jsqr");
  const canvas = document.createElement("canvas");
  return (source, largest = LARGEST) => {
    const [width, height] = source instanceof HTMLVideoElement ? [source.videoWidth, source.videoHeight] : [source.width, source.height];
    const scale = Math.min(1, largest / Math.max(width, height, 1));
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) return Promise.resolve(null);
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    return Promise.resolve(jsQR(image.data, image.width, image.height)?.data ?? null);
  };
}

/** Loads what reads a QR, so that it is there when there is no network any more. */
export async function ready(): Promise<void> {
  await reader();
}

/** The text of the QR in a picture; null if none is found. */
export async function fromPicture(file: Blob): Promise<string | null> {
  const [read, picture] = [await reader(), await createImageBitmap(file)];
  for (const side of SIDES) {
    const text = await read(picture, side);
    if (text) return text;
  }
  return null;
}

/** Looks through the camera until a QR is seen or `signal` says to stop. */
export async function fromCamera(video: HTMLVideoElement, signal: AbortSignal): Promise<string | null> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  try {
    video.srcObject = stream;
    await video.play();
    const read = await reader();
    while (!signal.aborted) {
      const text = video.videoWidth ? await read(video) : null;
      if (text) return text;
      await new Promise((next) => setTimeout(next, 150));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
