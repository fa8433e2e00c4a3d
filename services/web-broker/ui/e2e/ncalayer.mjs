// A stand-in for NCALayer: it listens where NCALayer does, greets and answers as that does, and signs with a key of the sandbox by
// OpenSSL, which knows nothing of our pages.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PORT = 13579;
/** What the protocol of WebSockets adds to the key of a client, RFC 6455. */
const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });

/** A folder for keys that is gone when the process ends. */
function folder() {
  const made = mkdtempSync(join(tmpdir(), 'agent-'));
  process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Somebody who signs by OpenSSL with the key in a PKCS#12 file: PEM of a detached CMS over `data`. */
export function signer(pkcs12, password) {
  const place = folder();
  const at = (name) => join(place, name);
  writeFileSync(at('key.p12'), pkcs12);
  const read = ['pkcs12', '-in', at('key.p12'), '-passin', `pass:${password}`];
  openssl(...read, '-nocerts', '-nodes', '-out', at('key.pem'));
  openssl(...read, '-clcerts', '-nokeys', '-out', at('own.pem'));
  openssl(...read, '-cacerts', '-nokeys', '-out', at('others.pem'));
  const others = readFileSync(at('others.pem'), 'utf8').includes('BEGIN CERTIFICATE');
  // Programs of this kind write CMS in BER, with ends that are marked instead of lengths.
  return (data, { form = 'PEM', ber = true } = {}) => {
    writeFileSync(at('data'), data);
    const chain = others ? ['-certfile', at('others.pem')] : [];
    const how = ['-binary', '-md', 'sha256', '-cades', '-nosmimecap', ber ? '-stream' : '-noindef'];
    const key = ['-signer', at('own.pem'), '-inkey', at('key.pem')];
    return openssl('cms', '-sign', ...how, ...key, ...chain, '-in', at('data'), '-outform', form);
  };
}

/** A certificate that no browser knows, as NCALayer's own is before it is installed. */
function certificate() {
  const place = folder();
  const [key, cert] = [join(place, 'key.pem'), join(place, 'cert.pem')];
  const made = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', cert];
  openssl('req', ...made, '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1');
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

/** The agent: `behave` is how it answers the next requests, `asked` what it was asked. */
export class Agent {
  asked = [];
  sockets = new Set();
  behave = () => undefined;

  static async start() {
    const agent = new Agent();
    agent.server = createServer(certificate());
    agent.server.on('upgrade', (request, socket) => agent.#meet(request, socket));
    await new Promise((ready, failed) => {
      agent.server.once('error', failed).listen(PORT, '127.0.0.1', ready);
    });
    return agent;
  }

  #meet(request, socket) {
    const accept = createHash('sha1')
      .update(request.headers['sec-websocket-key'] + MAGIC)
      .digest('base64');
    this.sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    const say = (told) => socket.write(frame(typeof told === 'string' ? told : JSON.stringify(told)));
    say({ result: { version: '1.4' } });
    let rest = Buffer.alloc(0);
    socket.on('data', (octets) => {
      rest = Buffer.concat([rest, octets]);
      for (let read = unframed(rest); read; read = unframed(rest)) {
        rest = rest.subarray(read.size);
        if (read.code === 8) socket.end();
        if (read.code !== 1 || read.text === '--heartbeat--') continue;
        const asked = JSON.parse(read.text);
        this.asked.push(asked);
        this.behave(asked, { say, hangUp: () => socket.destroy() });
      }
    });
  }

  stop() {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((done) => {
      this.server.close(done);
    });
  }
}

/** A text as a server sends it. */
function frame(text) {
  const body = Buffer.from(text);
  const head = Buffer.alloc(body.length < 126 ? 2 : 4);
  head[0] = 0x81;
  if (body.length < 126) head[1] = body.length;
  else {
    head[1] = 126;
    head.writeUInt16BE(body.length, 2);
  }
  return Buffer.concat([head, body]);
}

/** The first text that a client has sent, once it is there as a whole. */
function unframed(octets) {
  if (octets.length < 2) return null;
  const short = octets[1] & 0x7f;
  const wide = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (octets.length < 2 + wide) return null;
  const length = wide === 2 ? octets.readUInt16BE(2) : wide === 8 ? Number(octets.readBigUInt64BE(2)) : short;
  const from = 2 + wide + 4;
  if (octets.length < from + length) return null;
  const mask = octets.subarray(from - 4, from);
  const body = octets.subarray(from, from + length).map((octet, at) => octet ^ mask[at % 4]);
  return { code: octets[0] & 0x0f, text: body.toString('utf8'), size: from + length };
}
