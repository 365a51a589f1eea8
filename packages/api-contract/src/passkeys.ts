import { z } from 'zod';

/**
 * What browsers and the api say to each other about passkeys: the JSON of WebAuthn level 3 (5.1), as
 * `PublicKeyCredential.parseCreationOptionsFromJSON`, `.parseRequestOptionsFromJSON` and `.toJSON()` take and give it.
 * Fields that browsers add pass, and are left out.
 */

const base64url = z
  .string()
  .min(1)
  .max(20_000)
  .regex(/^[\w-]+$/, { error: 'must be base64url' });

const credentialType = z.literal('public-key');
const transport = z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']);
const userVerification = z.literal('required');
const credentialDescriptor = z.object({ id: base64url, type: credentialType, transports: z.array(z.string()) });

export const passkeyCreationOptions = z
  .object({
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: base64url, name: z.string(), displayName: z.string() }),
    challenge: base64url,
    pubKeyCredParams: z.array(z.object({ alg: z.int(), type: credentialType })),
    timeout: z.int(),
    excludeCredentials: z.array(credentialDescriptor),
    authenticatorSelection: z.object({
      residentKey: z.literal('required'),
      requireResidentKey: z.literal(true),
      userVerification,
    }),
    attestation: z.literal('none'),
  })
  .meta({ id: 'PasskeyCreationOptions' });
export type PasskeyCreationOptions = z.output<typeof passkeyCreationOptions>;

export const passkeyRequestOptions = z
  .object({
    rpId: z.string(),
    challenge: base64url,
    timeout: z.int(),
    allowCredentials: z.array(credentialDescriptor),
    userVerification,
  })
  .meta({ id: 'PasskeyRequestOptions' });
export type PasskeyRequestOptions = z.output<typeof passkeyRequestOptions>;

/** Extensions that were asked for: none. What is answered unasked is left out. */
const extensionResults = z.object({});
const attachment = z.enum(['platform', 'cross-platform']).nullish();

/** A new passkey, as the authenticator made it. */
export const passkeyRegistration = z
  .object({
    id: base64url,
    rawId: base64url,
    type: credentialType,
    authenticatorAttachment: attachment,
    clientExtensionResults: extensionResults,
    response: z.object({
      clientDataJSON: base64url,
      attestationObject: base64url,
      transports: z
        .array(z.string().max(32))
        .max(10)
        .optional()
        // Ways to reach an authenticator that are not known yet are left out, not refused.
        .transform((names) => names?.flatMap((name) => transport.safeParse(name).data ?? [])),
    }),
  })
  .meta({ id: 'PasskeyRegistration' });
export type PasskeyRegistration = z.output<typeof passkeyRegistration>;

/** A passkey's answer to a challenge. */
export const passkeyAssertion = z
  .object({
    id: base64url,
    rawId: base64url,
    type: credentialType,
    authenticatorAttachment: attachment,
    clientExtensionResults: extensionResults,
    response: z.object({
      clientDataJSON: base64url,
      authenticatorData: base64url,
      signature: base64url,
      userHandle: base64url.nullish(),
    }),
  })
  .meta({ id: 'PasskeyAssertion' });
export type PasskeyAssertion = z.output<typeof passkeyAssertion>;
