// A slow line before a suite: every octet on it is counted, those of WebSockets and of heads among them, whatever the browser says of them.
import { connect, createServer } from 'node:net';

export class Line {
  /** Octets so far, towards the suite and back. */
  up = 0;
  down = 0;
  #free = { up: 0, down: 0 };
  #server;
  #settings;

  /** Opens a line to the suite at `address` with `rate` octets a second each way, and `roundTrip` milliseconds there and back. */
  static async open(address, { rate, roundTrip }) {
    const line = new Line();
    line.#settings = { rate, roundTrip };
    const { hostname, port } = new URL(address);
    line.#server = createServer((near) => line.#join(near, connect(Number(port), hostname)));
    await new Promise((done) => line.#server.listen(0, '127.0.0.1', done));
    line.address = `http://127.0.0.1:${line.#server.address().port}`;
    return line;
  }

  get octets() {
    return this.up + this.down;
  }

  close() {
    this.#server.close();
  }

  #join(near, far) {
    // A connection is there after one way and back.
    const since = Date.now() + this.#settings.roundTrip;
    this.#carry('up', near, far, since);
    this.#carry('down', far, near, since);
  }

  /** Brings what one end says to the other: all connections share the line, and nothing overtakes. */
  #carry(way, from, to, since) {
    const { rate, roundTrip } = this.#settings;
    let before = Promise.resolve();
    const after = (at, act) => {
      before = before.then(() => new Promise((done) => setTimeout(done, at - Date.now()))).then(act);
    };
    from.on('data', (octets) => {
      this[way] += octets.length;
      const begin = Math.max(this.#free[way], Date.now(), since);
      this.#free[way] = begin + (octets.length / rate) * 1000;
      after(this.#free[way] + roundTrip / 2, () => to.destroyed || to.write(octets));
    });
    from.on('end', () => after(Date.now() + roundTrip / 2, () => to.end()));
    from.on('close', () => after(Date.now() + roundTrip / 2, () => to.destroy()));
    from.on('error', () => to.destroy());
  }
}
