import { X509Certificate } from 'node:crypto';
import { getCACertificates, TLSSocket } from 'node:tls';
import type { Database } from '@signet/db/database';
import { bookTrustUse } from '@signet/db/submission-trust';
import type { Logger } from 'pino';
import type { SMTPServerAddress, SMTPServerSession } from 'smtp-server';
import { trustedSubmitters } from './envelope.ts';
import { errorFacts } from './error-facts.ts';
import { shownCertificate, submissionPeer } from './submission-peer.ts';
import type { ShownCertificate } from './submission-peer.ts';
import type { Submitter } from './submitter.ts';

/** What sessions show of themselves without signing in, and who vouches for them. */
export class PeerTrust {
  readonly #database: Database;
  readonly #log: Logger;
  readonly #authorities: readonly X509Certificate[];
  readonly #certificates = new WeakMap<SMTPServerSession, ShownCertificate>();
  readonly #submitters = new WeakMap<SMTPServerSession, readonly Submitter[]>();

  /** @param authority PEM of the one that may vouch for certificates; null: those that Node knows. */
  constructor(database: Database, log: Logger, authority: string | null) {
    this.#database = database;
    this.#log = log;
    this.#authorities = (authority === null ? getCACertificates() : [authority]).map((pem) => new X509Certificate(pem));
  }

  /** Looks at the certificate that a session showed in its handshake. */
  see(socket: object, session: SMTPServerSession): void {
    try {
      const certificate = socket instanceof TLSSocket ? shownCertificate(socket, this.#authorities) : null;
      if (certificate) this.#certificates.set(session, certificate);
    } catch (error) {
      // Anybody may show anything: a key of a kind that nobody knows, a date that is none. It vouches for nobody.
      this.#log.debug({ error: errorFacts(error) }, 'certificate not readable');
    }
  }

  /** Looks up who vouches for a session that sends as somebody. @throws {SmtpRefusal} where nobody does. */
  async check(sender: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    const peer = submissionPeer(session.remoteAddress, this.#certificates.get(session) ?? null, new Date());
    try {
      this.#submitters.set(session, await trustedSubmitters(this.#database, peer, sender, session.envelope));
    } catch (error) {
      this.#submitters.delete(session);
      throw error;
    }
  }

  /** Who vouches for the last message of a session. */
  submittersOf(session: SMTPServerSession): readonly Submitter[] {
    return this.#submitters.get(session) ?? [];
  }

  /** Books that a message was taken. Not knowing when a trust was used keeps nobody out. */
  async bookUse({ trust }: Submitter): Promise<void> {
    if (!trust) return;
    await bookTrustUse(this.#database.system, trust).catch((error: unknown) =>
      this.#log.warn({ error: errorFacts(error) }, 'use not booked'),
    );
  }
}
