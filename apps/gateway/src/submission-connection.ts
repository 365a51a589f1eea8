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
  #isGreeted = false;

  /**
   * The library waits 100 ms for clients that talk before they are greeted, as spammers do. Here everybody has to sign in, and a
   * program that opens a session for each message would be slowed down for nothing. Who talks too soon is still refused.
   */
  override init(): void {
    super.init();
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
