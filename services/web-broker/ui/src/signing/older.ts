// Key files encrypted as PKCS#12 first had it (RFC 7292, appendix C): triple DES for keys, RC2 of 40 bits for certificates. Browsers do
// not offer these ciphers; certification authorities and older tools still write such files. Loaded only for one of them.

import asn1 from 'node-forge/lib/asn1';
import pbe from 'node-forge/lib/pbe';
import util from 'node-forge/lib/util';
import { CryptoEngine, type CryptoEngineDecryptParams } from 'pkijs';

/** `pkcs-12PbeIds`: the arc of all of these ciphers. */
const ARC = '1.2.840.113549.1.12.1.';
/** Files name from one thousand to some hundred thousand rounds; more is meant to hang the page. */
const ROUNDS_MAX = 1_000_000;

/** What opens such a file; everything else is done as otherwise. */
class OlderEngine extends CryptoEngine {
  override async decryptEncryptedContentInfo(given: CryptoEngineDecryptParams): Promise<ArrayBuffer> {
    const { algorithmId, algorithmParams } = given.encryptedContentInfo.contentEncryptionAlgorithm;
    if (!algorithmId.startsWith(ARC)) return super.decryptEncryptedContentInfo(given);
    const parameters = asn1.fromDer(binary(algorithmParams.toBER(false)));
    if (rounds(parameters) > ROUNDS_MAX) throw new RangeError('more rounds than a key file asks for');
    const cipher = pbe.getCipher(algorithmId, parameters, new TextDecoder().decode(given.password));
    cipher.update(util.createBuffer(binary(given.encryptedContentInfo.getEncryptedContent())));
    if (!cipher.finish()) throw new Error('the padding is wrong');
    return Uint8Array.from(cipher.output.getBytes(), (octet) => octet.charCodeAt(0)).buffer;
  }
}

/** The engine that reads these files. */
export const engine = (): CryptoEngine => new OlderEngine({ name: 'older', crypto });

/** The iterations of `PKCS12PBEParams ::= SEQUENCE { salt, iterations }`. */
function rounds(parameters: asn1.Asn1): number {
  const [, iterations] = Array.isArray(parameters.value) ? parameters.value : [];
  const octets = typeof iterations?.value === 'string' ? iterations.value : '';
  return octets === '' || octets.length > 4
    ? Number.POSITIVE_INFINITY
    : [...octets].reduce((sum, octet) => sum * 256 + octet.charCodeAt(0), 0);
}

function binary(octets: ArrayBuffer): string {
  return Array.from(new Uint8Array(octets), (octet) => String.fromCharCode(octet)).join('');
}
