// Files to and from the suite: read within bounds, photographs made small enough, saved as what they are.
import { saveAs } from '../app/save';
import { OneFile } from '../generated/documents';
import { ask, Refusal } from './graphql';

export const KINDS = 'application/pdf,image/jpeg,image/png,image/webp';
export const OCTETS_MAX = 3_000_000;
/** The longer side of a photograph that had to be made smaller: numbers of seals can still be read. */
const SIDE = 2400;

export type Packed = { name: string; base64: string };

/** A file as it is sent; a photograph that is too large is made smaller, anything else that is too large refused. */
export async function packed(file: File): Promise<Packed> {
  let content: Blob = file;
  let { name } = file;
  if (content.size > OCTETS_MAX && content.type.startsWith('image/')) {
    content = await smaller(content);
    name = `${name.replace(/\.[^.]*$/, '')}.jpg`;
  }
  if (content.size > OCTETS_MAX) throw new Refusal('', { code: 'too-large', status: 413 });
  return { name: name.slice(-120), base64: base64Of(new Uint8Array(await content.arrayBuffer())) };
}

async function smaller(content: Blob): Promise<Blob> {
  const picture = await createImageBitmap(content).catch(() => {
    throw new Refusal('', { code: 'file-kind-refused', status: 422 });
  });
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
}

/** Octets as Base64. */
export function base64Of(octets: Uint8Array): string {
  let text = '';
  for (let at = 0; at < octets.length; at += 0x8000)
    text += String.fromCharCode(...octets.subarray(at, at + 0x8000));
  return btoa(text);
}

/** Fetches a file about a movement and gives it to the person. */
export async function download({ id, name, mediaType }: { id: string; name: string; mediaType: string }) {
  const { movementFile } = await ask(OneFile, { id });
  const octets = Uint8Array.from(atob(movementFile.base64), (one) => one.charCodeAt(0));
  saveAs(new Blob([octets], { type: mediaType }), name);
}
