import { setTimeout as sleep } from 'node:timers/promises';
import { portalHeader } from '@signet/api-contract/portal-headers';
import { z } from 'zod';
import type { ArrivedWrapper } from './next-hop.ts';
import type { RoundLedger, SentMessage } from './round-ledger.ts';
import type { RunningSystem } from './running-system.ts';

/** Links that are being opened at once. */
const READERS = 6;

/** Pause before somebody tries again, in milliseconds. */
const PAUSE = 150;

const askedPasscode = z.object({ reference: z.string(), browser: z.string() });
const begunSession = z.object({ token: z.string() });
const opening = z.object({
  accessId: z.string(),
  message: z.object({ attachments: z.array(z.object({ index: z.int() })) }),
});

/** Not now: the process is away, or something that it needs. Whoever reads tries again. */
class NotNow extends Error {}

/** The recipients of a round: each signs in once by passcode and opens every message as its wrapper mail arrives. */
export class Readers {
  readonly #system: RunningSystem;
  readonly #ledger: RoundLedger;
  readonly #deadline: number;
  readonly #sessions = new Map<string, Promise<string>>();
  readonly #arrived: ArrivedWrapper[] = [];
  #opened = 0;
  #isOver = false;

  constructor(system: RunningSystem, ledger: RoundLedger, deadline: number) {
    this.#system = system;
    this.#ledger = ledger;
    this.#deadline = deadline;
    system.nextHop.onWrapper = (wrapper) => {
      if (ledger.bySubject.has(wrapper.subject)) this.#arrived.push(wrapper);
    };
  }

  /** Links of this round whose content was seen. */
  get opened(): number {
    return this.#opened;
  }

  /** Opens what arrives until every recipient has read. */
  async readAll(): Promise<void> {
    const read = async () => {
      while (this.#opened < this.#ledger.expected && !this.#isOver) {
        const wrapper = this.#arrived.shift();
        if (wrapper) {
          await this.read(wrapper);
          this.#opened += 1;
        } else if (Date.now() > this.#deadline)
          throw new Error(`${this.#opened} of ${this.#ledger.expected} wrapper mails came and were read`);
        else await sleep(10);
      }
    };
    try {
      await Promise.all(Array.from({ length: READERS }, read));
    } finally {
      this.#isOver = true;
    }
  }

  /** Opens a link until its content came, and its attachment. @throws when the answer is a refusal, or other content. */
  async read({ token, to, subject }: ArrivedWrapper): Promise<void> {
    const message = this.#ledger.bySubject.get(subject);
    if (!message) throw new Error(`Nobody sent ${subject}`);
    const session = await this.#session(to, token);
    const index = await this.#again(() => this.#open(token, session, message));
    if (message.attachment) await this.#again(() => this.#download(token, session, message, index));
  }

  /** @returns the place of its first attachment. */
  async #open(token: string, session: string, message: SentMessage): Promise<number | undefined> {
    const reading = this.#ledger.reading(token);
    reading.opened += 1;
    const { accessId, message: opened } = opening.parse(await (await this.#ask('POST', token, '/access', session)).json());
    const page = await (await this.#ask('GET', token, `/body?access=${accessId}`, session)).text();
    if (!page.includes(message.words)) throw new Error(`${message.messageId} says something else`);
    reading.accessIds.push(accessId);
    return opened.attachments[0]?.index;
  }

  async #download(token: string, session: string, { messageId, attachment }: SentMessage, index = 0): Promise<void> {
    const reading = this.#ledger.reading(token);
    reading.downloads += 1;
    const bytes = Buffer.from(await (await this.#ask('GET', token, `/attachments/${index}`, session)).arrayBuffer());
    if (attachment?.equals(bytes) !== true) throw new Error(`The attachment of ${messageId} is another one (${bytes.length} bytes)`);
    reading.downloadedAt ??= Date.now();
  }

  #session(address: string, token: string): Promise<string> {
    const known = this.#sessions.get(address) ?? this.#again(() => this.#signIn(token));
    this.#sessions.set(address, known);
    return known;
  }

  async #signIn(token: string): Promise<string> {
    const { reference, browser } = askedPasscode.parse(await (await this.#ask('POST', token, '/passcodes')).json());
    for (const end = Date.now() + 60_000; !this.#system.nextHop.passcodes.has(reference); await sleep(20)) {
      if (Date.now() > end) throw new NotNow('the passcode does not come');
    }
    const passcode = this.#system.nextHop.passcodes.get(reference);
    const answer = await this.#ask('POST', token, '/session', undefined, { browser, body: JSON.stringify({ passcode }) });
    return begunSession.parse(await answer.json()).token;
  }

  async #ask(method: 'GET' | 'POST', token: string, path: string, session?: string, more?: { browser: string; body: string }) {
    const headers = {
      ...this.#system.portalHeaders(session),
      ...(more && { [portalHeader.browser]: more.browser, 'content-type': 'application/json' }),
    };
    const url = `${this.#system.apiUrl}/v1/links/${token}${path}`;
    const answer = await fetch(url, { method, headers, signal: AbortSignal.timeout(30_000), ...(more && { body: more.body }) }).catch(
      (error: unknown) => {
        throw new NotNow('no answer', { cause: error });
      },
    );
    if (answer.ok) return answer;
    const words = `${method} ${path} answered ${answer.status}: ${await answer.text().catch(() => '')}`;
    // A passcode that was used up by a request whose answer got lost is asked for anew.
    const mayPass = [429, 502, 503].includes(answer.status) || (path === '/session' && [403, 410].includes(answer.status));
    throw mayPass ? new NotNow(words) : new Error(words);
  }

  /** Tries until it works. What breaks off half-way is "not now" as well. */
  async #again<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const isCut = error instanceof NotNow || (error instanceof TypeError && /terminated|fetch failed/.test(error.message));
        if (!isCut) throw error;
        if (Date.now() > this.#deadline) throw new Error(`Reading never worked: ${error.message}`, { cause: error });
        await sleep(PAUSE);
      }
    }
  }
}
