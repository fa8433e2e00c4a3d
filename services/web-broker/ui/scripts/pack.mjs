// Compresses the built pages into `built`, from where the gateway embeds them.
//   node scripts/pack.mjs
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const here = new URL('..', import.meta.url);
const [from, to] = [new URL('dist/', here), new URL('built/', here)];

function files(folder, path = '') {
  return readdirSync(folder).flatMap((name) => {
    const place = new URL(name, folder);
    return statSync(place).isDirectory()
      ? files(new URL(`${name}/`, folder), `${path}${name}/`)
      : [`${path}${name}`];
  });
}
for (const name of readdirSync(to).filter((name) => name !== '.gitignore'))
  rmSync(new URL(name, to), { recursive: true });
for (const path of files(from)) {
  const octets = readFileSync(new URL(path, from));
  mkdirSync(new URL('.', new URL(path, to)), { recursive: true });
  const brotli = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: octets.length },
  };
  writeFileSync(new URL(`${path}.br`, to), brotliCompressSync(octets, brotli));
  writeFileSync(new URL(`${path}.gz`, to), gzipSync(octets, { level: 9 }));
}
