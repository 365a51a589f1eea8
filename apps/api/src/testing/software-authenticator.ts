import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** What a test can get wrong on purpose. */
export interface AuthenticatorFaults {
  readonly origin?: string;
  readonly rpId?: string;
  /** Whether the device verified its user. */
  readonly userVerified?: boolean;
  /** What the device says its counter is. */
  readonly counter?: number;
  readonly challenge?: string;
}

/** An authenticator of FIDO2 in a few lines: makes passkeys (ES256, no attestation) and answers challenges as a browser hands them on. */
export class SoftwareAuthenticator {
  readonly #credentialId = randomBytes(32);
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #origin: string;
  #counter = 0;
  #userHandle: string | undefined;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** What `navigator.credentials.create()` gives for the options. */
  create(options: { challenge: string; rp: { id: string }; user: { id: string } }, faults: AuthenticatorFaults = {}) {
    this.#userHandle = options.user.id;
    const authData = Buffer.concat([this.#authenticatorData(faults.rpId ?? options.rp.id, 0x41, faults), this.#attestedCredential()]);
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3]),
      cborText('fmt'),
      cborText('none'),
      cborText('attStmt'),
      Buffer.from([0xa0]),
      cborText('authData'),
      cborBytes(authData),
    ]);
    return this.#credential({
      clientDataJSON: this.#clientData('webauthn.create', options.challenge, faults),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal', 'a-new-one'],
    });
  }

  /** What `navigator.credentials.get()` gives for the options. */
  get(options: { challenge: string; rpId: string }, faults: AuthenticatorFaults = {}) {
    this.#counter++;
    const authenticatorData = this.#authenticatorData(faults.rpId ?? options.rpId, 0x01, faults);
    const clientDataJSON = this.#clientData('webauthn.get', options.challenge, faults);
    const signed = Buffer.concat([authenticatorData, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
    return this.#credential({
      clientDataJSON,
      authenticatorData: authenticatorData.toString('base64url'),
      signature: sign('sha256', signed, this.#keys.privateKey).toString('base64url'),
      userHandle: this.#userHandle ?? null,
    });
  }

  #credential<R extends object>(response: R) {
    const id = this.#credentialId.toString('base64url');
    return { id, rawId: id, type: 'public-key', authenticatorAttachment: 'platform', clientExtensionResults: {}, response } as const;
  }

  #clientData(type: string, challenge: string, { origin = this.#origin, challenge: other = challenge }: AuthenticatorFaults): string {
    return Buffer.from(JSON.stringify({ type, challenge: other, origin, crossOrigin: false })).toString('base64url');
  }

  #authenticatorData(rpId: string, flags: number, { userVerified = true, counter = this.#counter }: AuthenticatorFaults): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.from([flags | (userVerified ? 0x04 : 0)]), count]);
  }

  /** The authenticator's model (nobody's), the credential's id, and its public key as COSE has it. */
  #attestedCredential(): Buffer {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.#credentialId.length);
    // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
    const key = [
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      cborBytes(Buffer.from(x, 'base64url')),
      Buffer.from([0x22]),
      cborBytes(Buffer.from(y, 'base64url')),
    ];
    return Buffer.concat([Buffer.alloc(16), length, this.#credentialId, ...key]);
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
}

function cborBytes(bytes: Uint8Array): Buffer {
  const head = bytes.length < 256 ? [0x58, bytes.length] : [0x59, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from(head), bytes]);
}
