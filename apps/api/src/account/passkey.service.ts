import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { PasskeyAssertion, PasskeyCreationOptions, PasskeyRegistration, PasskeyRequestOptions } from '@signet/api-contract/passkeys';
import { Database } from '@signet/db/database';
import { findPasskey, listPasskeys, type StoredPasskey } from '@signet/db/member-passkey';
import { putPasskeyChallenge, takePasskeyChallenge, type PasskeyChallenge } from '@signet/db/passkey-challenge';
import { memberLifetimes } from '@signet/domain/member-authentication';
import { generateRegistrationOptions, verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { z } from 'zod';
import { hashOfSecret } from '../authentication/secret.ts';
import type { Settings } from '../env.ts';
import { SETTINGS } from '../settings.ts';

/** A passkey's answer that is right. It counts once its use is booked, in the transaction that it is for. */
export interface RightPasskey {
  readonly passkey: StoredPasskey;
  readonly counter: number;
  readonly backedUp: boolean;
}

/** A passkey that a browser has just made. */
export interface NewPasskey {
  readonly credentialId: string;
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: string[];
  readonly backedUp: boolean;
}

/** A member, as far as their passkeys name them. */
interface PasskeyOwner {
  readonly organizationId: string;
  readonly id: string;
  readonly email: string;
}

/** Signatures that every Node can check, by their numbers in COSE: Ed25519, ES256, RS256. */
const supportedAlgorithmIDs = [-8, -7, -257];

const TIMEOUT_MILLISECONDS = memberLifetimes.challenge * 1000;
const clientData = z.object({ challenge: z.string().min(16).max(200) });

/**
 * Passkeys (WebAuthn level 3). Who answers must have been verified by their device; a challenge is good once, for a few minutes, for
 * what it was given for and for whom. The site is the one of `PUBLIC_URL`, never a Host header's.
 */
@Injectable()
export class PasskeyService {
  readonly #site: { readonly id: string; readonly origin: string };

  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) settings: Settings,
  ) {
    const { hostname, origin } = new URL(settings.PUBLIC_URL);
    this.#site = { id: hostname, origin };
  }

  /** What a browser makes a passkey from. @param sessionId that may answer. */
  async creationOptions(owner: PasskeyOwner, sessionId: string): Promise<PasskeyCreationOptions> {
    const known = await listPasskeys(this.database.forOrganization(owner.organizationId), owner.organizationId, owner.id);
    const excludeCredentials = known.map(descriptorOf);
    const options = await generateRegistrationOptions({
      rpID: this.#site.id,
      rpName: 'Signet',
      userID: userHandleOf(owner.id),
      userName: owner.email,
      userDisplayName: owner.email,
      challenge: randomBytes(32),
      timeout: TIMEOUT_MILLISECONDS,
      attestationType: 'none',
      supportedAlgorithmIDs,
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    await this.#keep(options.challenge, { purpose: 'registration', subject: sessionId });
    const { challenge, user, pubKeyCredParams } = options;
    return {
      rp: { id: this.#site.id, name: 'Signet' },
      user,
      challenge,
      pubKeyCredParams,
      timeout: TIMEOUT_MILLISECONDS,
      excludeCredentials,
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      attestation: 'none',
    };
  }

  /** What a browser asks a passkey to sign. @param owner whose passkeys may answer; null: whoever's is on the device. */
  async requestOptions(given: PasskeyChallenge, owner: Pick<PasskeyOwner, 'organizationId' | 'id'> | null): Promise<PasskeyRequestOptions> {
    const known = owner ? await listPasskeys(this.database.forOrganization(owner.organizationId), owner.organizationId, owner.id) : [];
    const challenge = randomBytes(32).toString('base64url');
    await this.#keep(challenge, given);
    return {
      rpId: this.#site.id,
      challenge,
      timeout: TIMEOUT_MILLISECONDS,
      allowCredentials: known.map(descriptorOf),
      userVerification: 'required',
    };
  }

  /** A new passkey, where the browser's answer is right and its challenge good; `void` where the challenge is not. */
  async checkRegistration(response: PasskeyRegistration, sessionId: string): Promise<NewPasskey | 'void' | null> {
    const expectedChallenge = await this.#take(response.response.clientDataJSON, { purpose: 'registration', subject: sessionId });
    if (expectedChallenge === null) return 'void';
    const { transports = [], ...rest } = response.response;
    const { registrationInfo } = await verifyRegistrationResponse({
      response: { ...withoutAttachment(response), response: { ...rest, transports } },
      expectedChallenge,
      expectedOrigin: this.#site.origin,
      expectedRPID: this.#site.id,
      requireUserVerification: true,
      supportedAlgorithmIDs,
    }).catch(() => ({ registrationInfo: undefined }));
    if (!registrationInfo) return null;
    const { credential, credentialBackedUp: backedUp } = registrationInfo;
    return { credentialId: credential.id, publicKey: credential.publicKey, counter: credential.counter, transports, backedUp };
  }

  /** The passkey that answered, where its answer is right and its challenge good; null where not, and why is not said. */
  async checkAssertion(response: PasskeyAssertion, challenge: PasskeyChallenge): Promise<RightPasskey | null> {
    const expectedChallenge = await this.#take(response.response.clientDataJSON, challenge);
    const passkey = await findPasskey(this.database.system, response.id);
    if (expectedChallenge === null || !passkey) return null;
    const { userHandle, ...rest } = response.response;
    if (userHandle != null && userHandle !== Buffer.from(userHandleOf(passkey.memberId)).toString('base64url')) return null;
    const checked = await verifyAuthenticationResponse({
      response: { ...withoutAttachment(response), response: rest },
      expectedChallenge,
      expectedOrigin: this.#site.origin,
      expectedRPID: this.#site.id,
      requireUserVerification: true,
      credential: { id: passkey.credentialId, publicKey: Uint8Array.from(passkey.publicKey), counter: passkey.counter },
    }).catch(() => null);
    if (!checked?.verified) return null;
    return { passkey, counter: checked.authenticationInfo.newCounter, backedUp: checked.authenticationInfo.credentialBackedUp };
  }

  #keep(challenge: string, given: PasskeyChallenge): Promise<void> {
    return putPasskeyChallenge(this.database.system, hashOfSecret(challenge), given, memberLifetimes.challenge);
  }

  /** The challenge that an answer names, where it was given for this; it is used up either way. */
  async #take(clientDataJson: string, wanted: PasskeyChallenge): Promise<string | null> {
    const challenge = challengeOf(clientDataJson);
    const given = challenge === null ? null : await takePasskeyChallenge(this.database.system, hashOfSecret(challenge));
    return given?.purpose === wanted.purpose && given.subject === wanted.subject ? challenge : null;
  }
}

function descriptorOf({ credentialId, transports }: Pick<StoredPasskey, 'credentialId' | 'transports'>) {
  return { id: credentialId, type: 'public-key', transports } as const;
}

/** What the authenticator hands back as the user's: the member's id, as its bytes. */
function userHandleOf(memberId: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(memberId.replaceAll('-', ''), 'hex'));
}

function challengeOf(clientDataJson: string): string | null {
  try {
    return clientData.safeParse(JSON.parse(Buffer.from(clientDataJson, 'base64url').toString('utf8'))).data?.challenge ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The library takes what is not there as not there, never as null. Where the authenticator sits decides nothing. */
function withoutAttachment({ id, rawId, type }: PasskeyRegistration | PasskeyAssertion) {
  return { id, rawId, type, clientExtensionResults: {} };
}
