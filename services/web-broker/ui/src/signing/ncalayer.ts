// Signs with NCALayer, the signing agent of Kazakhstan's certification authority: a program of the person's own computer that
// keeps key and password to itself. It is asked over a WebSocket, a question and an answer a line.
import { Refusal } from '../api/graphql';
import { agentWaits, signedWith } from '../app/agent';
import { currentLanguage } from '../app/texts';
import { inDer, NoSignature, signerOf } from './der';
import type { Signer } from './index';

/** Where NCALayer listens; the content-security policy permits exactly this. */
const AGENT = 'wss://127.0.0.1:13579';
/** An agent that is there says its version at once; before that, the browser may ask whether the page may reach it. */
const GREETING_MS = 5_000;
/** It hangs up on who is silent while a person looks for the key. */
const HEARTBEAT = '--heartbeat--';
const HEARTBEAT_MS = 20_000;
const MEGABYTE = 1_000_000;

type Fault = 'absent' | 'cancelled' | 'malformed' | 'lost' | 'refused';

/** Why there is no signature, as a refusal that the pages have a text for. */
const fault = (why: Fault, detail = '') =>
  new Refusal(detail, { code: `ncalayer-${why}`, status: 0, title: '' });

/** Makes sure that NCALayer runs, and gives who signs by it; whose certificate it is shows with the first signature. */
export async function connect(): Promise<Signer> {
  (await greeted()).close();
  const signer: Signer = {
    name: '',
    organisation: '',
    sign: async (text) => {
      const der = await signed(new TextEncoder().encode(text));
      try {
        Object.assign(signer, signerOf(der));
      } catch {
        throw fault('malformed');
      }
      return base64(der);
    },
  };
  return signer;
}

/** A line to NCALayer after it has said its version. */
async function greeted(): Promise<Line> {
  const line = new Line();
  try {
    const told = await line.next();
    if (typeof inside(told, 'result', 'version') !== 'string') throw fault('malformed');
    return line;
  } catch (error) {
    line.close();
    throw error;
  }
}

let last: Promise<unknown> = Promise.resolve();

/** The signature in DER; NCALayer has one window, so that one is asked for after the other. */
function signed(content: Uint8Array): Promise<Uint8Array> {
  const mine = last.then(() => ask(content));
  last = mine.catch(() => undefined);
  return mine;
}

async function ask(content: Uint8Array): Promise<Uint8Array> {
  const line = await greeted();
  const beat = setInterval(() => line.send(HEARTBEAT), HEARTBEAT_MS);
  agentWaits(() => line.fail(fault('cancelled')));
  try {
    line.send(
      JSON.stringify({
        module: 'kz.gov.pki.knca.basics',
        method: 'sign',
        args: {
          allowedStorages: null,
          format: 'cms',
          data: base64(content),
          // Detached, over the data itself; the time is stamped by the suite, of everything that it takes.
          signingParams: { decode: true, encapsulate: false, digested: false },
          // Any certificate of any issuer is offered: whose is accepted, customs decide and say.
          signerParams: { extKeyUsageOids: [], chain: [] },
          locale: currentLanguage(),
        },
      }),
    );
    const signature = signatureIn(await line.next());
    signedWith('ncalayer');
    return signature;
  } finally {
    agentWaits(null);
    clearInterval(beat);
    line.close();
  }
}

/** The signature of an answer, which comes as PEM or as Base64, alone or in a list of one. */
function signatureIn(told: unknown): Uint8Array {
  const status = inside(told, 'status');
  if (status === false) {
    const parts = [inside(told, 'code'), inside(told, 'message')].filter((one) => typeof one === 'string');
    throw fault('refused', parts.join(': '));
  }
  const body = inside(told, 'body');
  if (status !== true || typeof body !== 'object' || body === null) throw fault('malformed');
  // Who closes the window of NCALayer is answered with nothing.
  if (!('result' in body)) throw fault('cancelled');
  const result = Array.isArray(body.result) ? body.result[0] : body.result;
  if (typeof result !== 'string') throw fault('malformed');
  const text = result.replace(/-----(BEGIN|END) [A-Z0-9 ]+-----|\s/g, '');
  try {
    return inDer(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch (error) {
    if (error instanceof NoSignature || error instanceof DOMException) throw fault('malformed');
    throw error;
  }
}

/** One connection: what comes in is given out one by one, and the first fault is final. */
class Line {
  private readonly socket = new WebSocket(AGENT);
  private readonly told: unknown[] = [];
  private failed: Refusal | null = null;
  private wake: () => void = () => undefined;

  constructor() {
    let silent: ReturnType<typeof setTimeout> | undefined;
    this.socket.onopen = () => {
      silent = setTimeout(() => this.fail(fault('absent')), GREETING_MS);
    };
    this.socket.onmessage = ({ data }) => {
      clearTimeout(silent);
      this.hear(data);
    };
    this.socket.onclose = () => {
      clearTimeout(silent);
      this.fail(fault(silent === undefined ? 'absent' : 'lost'));
    };
  }

  private hear(data: unknown): void {
    // It may send its own heartbeat, and an empty object, to keep the line alive.
    if (data === HEARTBEAT || data === '{}') return;
    try {
      if (typeof data !== 'string' || data.length > 10 * MEGABYTE) throw new SyntaxError();
      this.told.push(JSON.parse(data));
      this.wake();
    } catch {
      this.fail(fault('malformed'));
    }
  }

  /** The next thing that it says. */
  async next(): Promise<unknown> {
    while (this.told.length === 0) {
      if (this.failed) throw this.failed;
      await new Promise<void>((done) => {
        this.wake = done;
      });
    }
    return this.told.shift();
  }

  send(text: string): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text);
  }

  fail(why: Refusal): void {
    this.failed ??= why;
    this.wake();
  }

  close(): void {
    this.socket.close();
  }
}

/** What stands in an answer under these names, whatever it is. */
function inside(told: unknown, ...names: string[]): unknown {
  return names.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined),
    told,
  );
}

function base64(octets: Uint8Array): string {
  return btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(''));
}
