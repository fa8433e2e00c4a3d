// As much of ASN.1 as a signature made elsewhere needs: its strict encoding, and whose certificate is in it.

/** One element: its tag, and where it and its content stand. */
type Element = { tag: number; start: number; body: number; end: number };

/** Octets that are no ASN.1, or not the signature that was expected. */
export class NoSignature extends Error {}

const DEPTH_MAX = 40;
const SEQUENCE = 0x30;
const SET = 0x31;
const CONSTRUCTED = 0x20;
/** `signedData` of CMS, 1.2.840.113549.1.7.2. */
const SIGNED_DATA = '2a864886f70d010702';

/** The same element with definite lengths: signing programs write CMS in BER, and customs read DER only. */
export function inDer(octets: Uint8Array): Uint8Array {
  const [der, next] = definite(octets, 0, 0);
  if (next !== octets.length) throw new NoSignature('octets follow');
  return der;
}

function definite(octets: Uint8Array, at: number, depth: number): [Uint8Array, number] {
  if (depth > DEPTH_MAX) throw new NoSignature('nested too deeply');
  const tag = octet(octets, at);
  if ((tag & 0x1f) === 0x1f) throw new NoSignature('a long tag');
  const [length, body] = lengthAt(octets, at + 1);
  const end = length === null ? octets.length : body + length;
  if (end > octets.length) throw new NoSignature('cut short');
  if (!(tag & CONSTRUCTED)) {
    if (length === null) throw new NoSignature('an open end');
    // What is not nested is taken over as it is: certificates and what is signed must not change by a bit.
    return [octets.slice(at, end), end];
  }
  const parts: Uint8Array[] = [];
  let here = body;
  while (here < end && !(length === null && octet(octets, here) === 0 && octet(octets, here + 1) === 0)) {
    const [part, next] = definite(octets, here, depth + 1);
    parts.push(part);
    here = next;
  }
  if (length === null) {
    octet(octets, here + 1);
    here += 2;
  } else if (here !== end) throw new NoSignature('a part runs over');
  // A long text may come in pieces; in DER it is one.
  const pieces = tag === 0x24;
  const inside = joined(pieces ? parts.map((part) => part.slice(lengthAt(part, 1)[1])) : parts);
  return [joined([new Uint8Array([pieces ? 0x04 : tag, ...lengthOf(inside.length)]), inside]), here];
}

function octet(octets: Uint8Array, at: number): number {
  const found = octets[at];
  if (found === undefined) throw new NoSignature('cut short');
  return found;
}

/** A length, `null` where the end is marked instead, and where the content begins. */
function lengthAt(octets: Uint8Array, at: number): [number | null, number] {
  const first = octet(octets, at);
  if (first < 0x80) return [first, at + 1];
  if (first === 0x80) return [null, at + 1];
  const size = first & 0x7f;
  if (size > 4) throw new NoSignature('too long');
  let length = 0;
  for (let place = 1; place <= size; place++) length = length * 256 + octet(octets, at + place);
  return [length, at + 1 + size];
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The names in the certificate by which the first signer of a CMS has signed; empty where they are not told. */
export function signerOf(der: Uint8Array): { name: string; organisation: string } {
  const info = children(der, only(der, 0, SEQUENCE));
  if (hex(der, part(info, 0)) !== SIGNED_DATA) throw new NoSignature('no signed data');
  const signed = children(der, only(der, part(info, 1).body, SEQUENCE));
  const certificates = signed.filter(({ tag }) => tag === 0xa0).flatMap((one) => children(der, one));
  const signers = signed.filter(({ tag }) => tag === SET).at(-1);
  const [signer] = signers ? children(der, signers) : [];
  if (!signer) throw new NoSignature('nobody has signed');
  const by = whole(der, part(children(der, signer), 1));
  for (const certificate of certificates) {
    const fields = children(der, part(children(der, certificate), 0));
    // Version, serial number, algorithm, issuer, validity, subject; the first may be left out.
    const [serial, , issuer, , subject] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields;
    if (!serial || !issuer || !subject) continue;
    if (by.endsWith(whole(der, issuer) + whole(der, serial))) return names(der, subject);
  }
  return { name: '', organisation: '' };
}

function names(der: Uint8Array, subject: Element): { name: string; organisation: string } {
  const found = new Map<string, string>();
  for (const pair of children(der, subject).flatMap((set) => children(der, set))) {
    const [type, value] = children(der, pair);
    if (type && value) found.set(hex(der, type), text(der, value));
  }
  return { name: found.get('550403') ?? '', organisation: found.get('55040a') ?? '' };
}

/** What a directory string says: UTF-8 or ASCII, or two octets a character. */
function text(der: Uint8Array, { tag, body, end }: Element): string {
  return new TextDecoder(tag === 0x1e ? 'utf-16be' : 'utf-8').decode(der.slice(body, end));
}

function elementAt(der: Uint8Array, at: number): Element {
  const [length, body] = lengthAt(der, at + 1);
  if (length === null) throw new NoSignature('an open end');
  return { tag: octet(der, at), start: at, body, end: body + length };
}

function only(der: Uint8Array, at: number, tag: number): Element {
  const found = elementAt(der, at);
  if (found.tag !== tag) throw new NoSignature('another thing');
  return found;
}

function children(der: Uint8Array, { body, end }: Element): Element[] {
  const found: Element[] = [];
  for (let at = body; at < end; ) {
    const one = elementAt(der, at);
    found.push(one);
    at = one.end;
  }
  return found;
}

function part(parts: readonly Element[], at: number): Element {
  const found = parts[at];
  if (!found) throw new NoSignature('a part is missing');
  return found;
}

const hexOf = (octets: Uint8Array) => Array.from(octets, (one) => one.toString(16).padStart(2, '0')).join('');
const hex = (der: Uint8Array, { body, end }: Element) => hexOf(der.slice(body, end));
const whole = (der: Uint8Array, { start, end }: Element) => hexOf(der.slice(start, end));
