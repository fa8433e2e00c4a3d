// The parts of node-forge that are loaded by themselves: its index would bring all of it.
declare module 'node-forge/lib/asn1' {
  import { asn1 } from 'node-forge';
  export = asn1;
}
declare module 'node-forge/lib/util' {
  import { util } from 'node-forge';
  export = util;
}
declare module 'node-forge/lib/pbe' {
  import type { asn1, util } from 'node-forge';

  type Cipher = {
    update: (input: util.ByteStringBuffer) => void;
    finish: () => boolean;
    output: util.ByteStringBuffer;
  };
  const pbe: { getCipher: (oid: string, parameters: asn1.Asn1, password: string) => Cipher };
  export default pbe;
}
