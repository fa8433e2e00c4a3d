// The first sheet of a workbook (XLSX, ISO/IEC 29500) as rows of text. A file may come from anywhere: what it unpacks to, how many
// entries, rows and columns it has is bounded before anything is kept, and nothing in it is carried out or fetched.
import { t } from '../app/texts';
import type { Row } from './csv';

/** The most octets of a file, and the most that all its parts that are read unpack to. */
export const PACKED_MAX = 5_000_000;
export const UNPACKED_MAX = 30_000_000;
const ENTRIES_MAX = 2_000;
const ROWS_MAX = 10_000;
const COLUMNS_MAX = 200;

/** Why a workbook cannot be read. */
export class Unreadable extends Error {}

type Entry = { method: number; packed: number; at: number };

/** Whether octets begin as a workbook does. */
export const isWorkbook = (octets: Uint8Array) =>
  octets[0] === 0x50 && octets[1] === 0x4b && octets[2] === 3 && octets[3] === 4;

/** Whether octets begin as a table of an older kind, or one under a password. */
export const isOldTable = (octets: Uint8Array) =>
  octets[0] === 0xd0 && octets[1] === 0xcf && octets[2] === 0x11 && octets[3] === 0xe0;

/** The rows of the first sheet. */
export async function readSheet(octets: Uint8Array): Promise<Row[]> {
  if (octets.length > PACKED_MAX) throw new Unreadable(t('import.too-large'));
  const archive = new Archive(octets);
  const strings = sharedStrings(await archive.text('xl/sharedStrings.xml'));
  const sheet = await archive.text(await firstSheet(archive));
  if (sheet === null) throw new Unreadable(t('import.no-sheet'));
  return rowsOf(sheet, strings);
}

/** The entries of a ZIP file, by its central directory. */
class Archive {
  private readonly view: DataView;
  private readonly entries = new Map<string, Entry>();
  private left = UNPACKED_MAX;

  constructor(private readonly octets: Uint8Array) {
    this.view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
    try {
      this.directory();
    } catch (error) {
      // Places outside the file are told by the view.
      throw error instanceof RangeError ? new Unreadable(t('import.broken')) : error;
    }
  }

  private directory() {
    const end = this.end();
    const count = this.view.getUint16(end + 10, true);
    let at = this.view.getUint32(end + 16, true);
    if (count > ENTRIES_MAX) throw new Unreadable(t('import.too-large'));
    for (let entry = 0; entry < count; entry++) {
      if (this.view.getUint32(at, true) !== 0x02014b50) throw new Unreadable(t('import.broken'));
      const length = this.view.getUint16(at + 28, true);
      const name = new TextDecoder().decode(this.octets.subarray(at + 46, at + 46 + length));
      this.entries.set(name, {
        method: this.view.getUint16(at + 10, true),
        packed: this.view.getUint32(at + 20, true),
        at: this.view.getUint32(at + 42, true),
      });
      at += 46 + length + this.view.getUint16(at + 30, true) + this.view.getUint16(at + 32, true);
    }
  }

  /** Where the end of the directory is: within the last octets, for a comment may follow it. */
  private end(): number {
    const first = Math.max(0, this.octets.length - 22 - 0xffff);
    for (let at = this.octets.length - 22; at >= first; at--)
      if (this.view.getUint32(at, true) === 0x06054b50) return at;
    throw new Unreadable(t('import.broken'));
  }

  /** The text of an entry; `null` where there is none of this name. */
  async text(name: string): Promise<string | null> {
    const entry = this.entries.get(name);
    if (!entry) return null;
    if (entry.at + 30 > this.octets.length) throw new Unreadable(t('import.broken'));
    const names = this.view.getUint16(entry.at + 26, true) + this.view.getUint16(entry.at + 28, true);
    const begin = entry.at + 30 + names;
    const packed = this.octets.subarray(begin, begin + entry.packed);
    if (entry.method === 0) return new TextDecoder().decode(this.counted(packed));
    if (entry.method !== 8) throw new Unreadable(t('import.broken'));
    return this.unpacked(packed);
  }

  private counted(part: Uint8Array): Uint8Array {
    this.left -= part.length;
    if (this.left < 0) throw new Unreadable(t('import.too-large'));
    return part;
  }

  /** Unpacks piece by piece and stops at the bound, whatever the entry says of its size. */
  private async unpacked(packed: Uint8Array): Promise<string> {
    const stream = new Blob([packed as BlobPart])
      .stream()
      .pipeThrough(new DecompressionStream('deflate-raw'));
    const reader = stream.getReader();
    const decoder = new TextDecoder();
    let text = '';
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return text + decoder.decode();
        text += decoder.decode(this.counted(value), { stream: true });
      }
    } catch (error) {
      reader.cancel().catch(() => undefined);
      throw error instanceof Unreadable ? error : new Unreadable(t('import.broken'));
    }
  }
}

type Piece = { name: string; end: boolean; empty: boolean; attributes: string } | { text: string };

/** Tags and texts in their order. Workbooks have no document types; an entity that is not one of XML's own stays as it is written. */
function* pieces(xml: string): Generator<Piece> {
  const found = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<([^>]*)>|([^<]+)/g;
  for (const [, data, tag, text] of xml.matchAll(found)) {
    if (data !== undefined) yield { text: data };
    else if (text !== undefined) yield { text: plain(text) };
    else if (tag && !/^[?!]/.test(tag)) {
      const [, slash, name = '', attributes = ''] = /^(\/?)(?:[\w.-]+:)?([\w.-]+)([\s\S]*)$/.exec(tag) ?? [];
      yield { name, end: slash === '/', empty: attributes.endsWith('/'), attributes };
    }
  }
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const plain = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g, (whole, decimal, hex, name) => {
    if (name) return NAMED[name] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

const attribute = (attributes: string, name: string) =>
  plain(
    new RegExp(`(?:^|[\\s:])${name}\\s*=\\s*"([^"]*)"|(?:^|[\\s:])${name}\\s*=\\s*'([^']*)'`)
      .exec(attributes)
      ?.slice(1)
      .find((one) => one !== undefined) ?? '',
  );

/** Where the first sheet of the workbook is. */
async function firstSheet(archive: Archive): Promise<string> {
  const usual = 'xl/worksheets/sheet1.xml';
  const [workbook, relations] = [
    await archive.text('xl/workbook.xml'),
    await archive.text('xl/_rels/workbook.xml.rels'),
  ];
  if (!workbook || !relations) return usual;
  for (const piece of pieces(workbook)) {
    if (!('name' in piece) || piece.name !== 'sheet') continue;
    const id = /(?:^|\s)[\w.-]+:id\s*=\s*["']([^"']*)["']/.exec(piece.attributes)?.[1];
    for (const other of pieces(relations)) {
      if (!('name' in other) || other.name !== 'Relationship' || attribute(other.attributes, 'Id') !== id)
        continue;
      const target = attribute(other.attributes, 'Target');
      return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    }
    return usual;
  }
  return usual;
}

/** The texts that cells name by number; what is only said of how they are pronounced is left out. */
function sharedStrings(xml: string | null): string[] {
  const strings: string[] = [];
  let [within, silent] = [false, false];
  for (const piece of pieces(xml ?? '')) {
    if ('text' in piece) {
      if (within && !silent) strings[strings.length - 1] += piece.text;
      continue;
    }
    if (piece.name === 'si' && !piece.end) strings.push('');
    if (piece.name === 't') within = !piece.end && !piece.empty;
    if (piece.name === 'rPh') silent = !piece.end && !piece.empty;
  }
  return strings;
}

function rowsOf(xml: string, strings: readonly string[]): Row[] {
  const rows: Row[] = [];
  let row: Row = { line: 0, values: [] };
  let cell = { at: -1, kind: '' };
  let [value, within] = ['', false];
  for (const piece of pieces(xml)) {
    if ('text' in piece) {
      if (within) value += piece.text;
      continue;
    }
    const { name, end, empty, attributes } = piece;
    if (name === 'row' && !end) {
      if (rows.length >= ROWS_MAX) throw new Unreadable(t('import.too-large'));
      row = { line: Number(attribute(attributes, 'r')) || row.line + 1, values: [] };
      rows.push(row);
      cell = { at: -1, kind: '' };
    } else if (name === 'c' && !end) {
      cell = { at: columnOf(attribute(attributes, 'r')) ?? cell.at + 1, kind: attribute(attributes, 't') };
      value = '';
    }
    if (name === 'v' || name === 't') within = !end && !empty;
    if (name === 'c' && end && value && cell.at < COLUMNS_MAX) {
      while (row.values.length < cell.at) row.values.push('');
      row.values[cell.at] = said(cell.kind, value, strings);
    }
  }
  return rows.filter(({ values }) => values.length > 0);
}

/** The place of a column from 0, by a reference such as `AB12`. */
function columnOf(reference: string): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0];
  if (!letters) return null;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function said(kind: string, value: string, strings: readonly string[]): string {
  if (kind === 's') return strings[Number(value)] ?? '';
  if (kind === 'b') return value === '1' ? '1' : '0';
  if (['str', 'inlineStr', 'e', 'd'].includes(kind)) return value;
  // A number is kept in binary: what a person typed are its first fifteen digits.
  const number = Number(value);
  if (!value.trim() || !Number.isFinite(number)) return value;
  const text = String(Number(number.toPrecision(15)));
  return text.includes('e') ? number.toFixed(6).replace(/\.?0+$/, '') : text;
}
