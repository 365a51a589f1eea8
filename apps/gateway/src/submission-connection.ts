import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { answerText, smtpAnswers } from './smtp-answer.ts';

/** An answer that already begins with its enhanced status code. */
const OWN_ENHANCED_CODE = /^[245]\.\d{1,3}\.\d{1,3} /;

/**
 * One session of the submission server: smtp-server's connection, which greets at once and lets the gateway choose its enhanced
 * status codes.
 */
export class SubmissionConnection extends SMTPConnection {
  /** Whether the server is shutting down. */
  isEnding: () => boolean = () => false;
  /** Whether its network has too many connections already that nobody signed in on. */
  isUnwelcome: () => boolean = () => false;
  /** Whether somebody has signed in on it, or is trusted without. */
  isKnown: () => boolean = () => false;
  /** How long it may go on without a sign-in, in milliseconds: nobody else has anything to say here. */
  signInMilliseconds = Number.POSITIVE_INFINITY;
  #isGreeted = false;

  /**
   * The library waits 100 ms for clients that talk before they are greeted, as spammers do. Here nobody is let in unknown, and a
   * program that opens a session for each message would be slowed down for nothing. Who talks too soon is still refused.
   */
  override init(): void {
    super.init();
    if (this.isUnwelcome()) {
      this.send(smtpAnswers.tooManyStrangers.code, answerText(smtpAnswers.tooManyStrangers));
      return;
    }
    const timer = setTimeout(() => {
      if (!this.isKnown()) this.send(smtpAnswers.notSignedIn.code, answerText(smtpAnswers.notSignedIn));
    }, this.signInMilliseconds);
    timer.unref();
    this.on('close', () => clearTimeout(timer));
    this.connectionReady();
  }

  /** Called a second time by the library's own timer. */
  override connectionReady(next?: () => void): void {
    if (this.#isGreeted) return;
    this.#isGreeted = true;
    super.connectionReady(next);
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    if (code === 421 && this.isEnding()) {
      super.send(421, answerText(smtpAnswers.shutdown), false);
      return;
    }
    const isOwn = typeof data === 'string' && OWN_ENHANCED_CODE.test(data);
    super.send(code, data, isOwn ? false : context);
  }
}
