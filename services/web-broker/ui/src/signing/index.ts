// Opens a PKCS#12 file and signs with its key (CMS, DER, detached); the key stays in this page and cannot be read out of it.

import { fromBER, ObjectIdentifier, OctetString, Sequence, UTCTime } from 'asn1js';
import {
  Attribute,
  AuthenticatedSafe,
  CertBag,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  type ICryptoEngine,
  IssuerAndSerialNumber,
  PFX,
  PKCS8ShroudedKeyBag,
  type PrivateKeyInfo,
  type SafeBag,
  type SafeContents,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs';
import { signedWith } from '../app/agent';

/** A key that is ready to sign, and who it belongs to. */
export type Signer = {
  name: string;
  organisation: string;
  /** The detached signature over the UTF-8 octets of `text`, in Base64. */
  sign: (text: string) => Promise<string>;
};

/** Why a key file cannot be used. */
export class KeyFault extends Error {
  readonly reason: 'format' | 'password' | 'no-key' | 'algorithm';
  constructor(reason: KeyFault['reason']) {
    super(reason);
    this.reason = reason;
  }
}

const OID = {
  contentType: '1.2.840.113549.1.9.3',
  data: '1.2.840.113549.1.7.1',
  messageDigest: '1.2.840.113549.1.9.4',
  signedData: '1.2.840.113549.1.7.2',
  signingCertificate: '1.2.840.113549.1.9.16.2.47',
  signingTime: '1.2.840.113549.1.9.5',
} as const;

/** Opens the key file with its password. */
export async function open(file: ArrayBuffer, password: string): Promise<Signer> {
  const parts = await unlock(file, password);
  const keys = parts.filter((bag) => bag.bagValue instanceof PKCS8ShroudedKeyBag);
  const key = (keys[0]?.bagValue as PKCS8ShroudedKeyBag | undefined)?.parsedValue;
  const certificates = parts.flatMap(({ bagValue }) =>
    bagValue instanceof CertBag && bagValue.parsedValue instanceof Certificate ? [bagValue.parsedValue] : [],
  );
  if (!key || certificates.length === 0) throw new KeyFault('no-key');
  const [own, ...others] = ownFirst(certificates);
  if (!own) throw new KeyFault('no-key');
  const handle = await handleOf(key);
  const named = (type: string) => {
    const found = own.subject.typesAndValues.find((one) => one.type === type);
    return found ? String(found.value.valueBlock.value) : '';
  };
  return {
    name: named('2.5.4.3'),
    organisation: named('2.5.4.10'),
    sign: (text) => sign(new TextEncoder().encode(text), handle, own, others),
  };
}

/** What the library's types hide of a bag with an encrypted key. */
type Locked = {
  parseInternalValues: (given: { password: ArrayBuffer }, engine?: ICryptoEngine) => Promise<void>;
};

/** `pkcs-12PbeIds` (1.2.840.113549.1.12.1) in DER, with the length of the ciphers below it. */
const OLDER = [0x06, 0x0a, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01] as const;

/** Whether the file names a cipher that browsers do not offer. */
function isOlder(file: ArrayBuffer): boolean {
  const octets = new Uint8Array(file);
  return octets.some((_, at) => OLDER.every((octet, place) => octets[at + place] === octet));
}

async function unlock(file: ArrayBuffer, password: string): Promise<SafeBag[]> {
  const secret = new TextEncoder().encode(password).buffer;
  let pfx: PFX;
  try {
    const read = fromBER(file);
    if (read.offset === -1) throw new KeyFault('format');
    pfx = new PFX({ schema: read.result });
  } catch {
    throw new KeyFault('format');
  }
  const engine = isOlder(file) ? (await import('./older')).engine() : undefined;
  try {
    await pfx.parseInternalValues({ password: secret, checkIntegrity: true }, engine);
    const safe = pfx.parsedValue?.authenticatedSafe;
    if (!(safe instanceof AuthenticatedSafe)) throw new KeyFault('format');
    await safe.parseInternalValues(
      { safeContents: safe.safeContents.map(() => ({ password: secret })) },
      engine,
    );
    const contents = safe.parsedValue.safeContents as Array<{ value: SafeContents }>;
    const bags = contents.flatMap(({ value }) => value.safeBags);
    for (const { bagValue } of bags) {
      if (bagValue instanceof PKCS8ShroudedKeyBag)
        await (bagValue as unknown as Locked).parseInternalValues({ password: secret }, engine);
    }
    return bags;
  } catch (error) {
    if (error instanceof KeyFault) throw error;
    if (error instanceof RangeError) throw new KeyFault('format');
    throw new KeyFault('password');
  }
}

/** The certificate that issued none of the others first. */
function ownFirst(certificates: readonly Certificate[]): Certificate[] {
  const issuers = new Set(certificates.map((one) => one.issuer.toString()));
  const isOwn = (one: Certificate) => (issuers.has(one.subject.toString()) ? 1 : 0);
  return [...certificates].sort((one, other) => isOwn(one) - isOwn(other));
}

const CURVES: Readonly<Record<string, string>> = { '1.2.840.10045.3.1.7': 'P-256', '1.3.132.0.34': 'P-384' };

async function handleOf(key: PrivateKeyInfo): Promise<CryptoKey> {
  const { algorithmId, algorithmParams } = key.privateKeyAlgorithm;
  const curve =
    CURVES[String((algorithmParams as ObjectIdentifier | undefined)?.valueBlock?.toString() ?? '')];
  const algorithm =
    algorithmId === '1.2.840.10045.2.1' && curve
      ? { name: 'ECDSA', namedCurve: curve }
      : algorithmId === '1.2.840.113549.1.1.1'
        ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
        : null;
  if (!algorithm) throw new KeyFault('algorithm');
  try {
    // Not extractable: the page can sign with it, and nobody can read it out.
    return await crypto.subtle.importKey('pkcs8', key.toSchema().toBER(false), algorithm, false, ['sign']);
  } catch {
    throw new KeyFault('algorithm');
  }
}

async function sign(
  content: Uint8Array<ArrayBuffer>,
  key: CryptoKey,
  own: Certificate,
  others: Certificate[],
): Promise<string> {
  const digest = (octets: BufferSource) => crypto.subtle.digest('SHA-256', octets);
  const hash = await digest(own.toSchema().toBER(false));
  const attributes = [
    new Attribute({ type: OID.contentType, values: [new ObjectIdentifier({ value: OID.data })] }),
    new Attribute({ type: OID.signingTime, values: [new UTCTime({ valueDate: new Date() })] }),
    new Attribute({
      type: OID.messageDigest,
      values: [new OctetString({ valueHex: await digest(content) })],
    }),
    // SigningCertificateV2 { certs { ESSCertIDv2 { certHash } } }, SHA-256 being the default that DER leaves out.
    new Attribute({
      type: OID.signingCertificate,
      values: [
        new Sequence({
          value: [new Sequence({ value: [new Sequence({ value: [new OctetString({ valueHex: hash })] })] })],
        }),
      ],
    }),
  ];
  const signed = new SignedData({
    version: 1,
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: OID.data }),
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber }),
        signedAttrs: new SignedAndUnsignedAttributes({ type: 0, attributes: inOrder(attributes) }),
      }),
    ],
    certificates: [own, ...others],
  });
  await signed.sign(key, 0, 'SHA-256', content.buffer);
  signedWith('file');
  const info = new ContentInfo({ contentType: OID.signedData, content: signed.toSchema(true) });
  const der = new Uint8Array(info.toSchema().toBER(false));
  return btoa(Array.from(der, (octet) => String.fromCharCode(octet)).join(''));
}

/** A SET OF in DER: ascending by encoding. */
function inOrder(attributes: Attribute[]): Attribute[] {
  const hex = (one: Attribute) =>
    Array.from(new Uint8Array(one.toSchema().toBER(false)), (octet) =>
      octet.toString(16).padStart(2, '0'),
    ).join('');
  return attributes
    .map((one) => [hex(one), one] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one);
}
