import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const address = z.object({ address: z.string() });
const mail = z.object({
  id: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string().optional(),
  from: z.array(address),
  to: z.array(address),
  headers: z.record(z.string(), z.unknown()),
});
export type Mail = z.infer<typeof mail>;

const PATIENCE_MS = 60_000;

/** The mailbox page's REST API: all mail that Signet sent. */
export class Mailbox {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Everything that came so far, oldest first. */
  async all(): Promise<Mail[]> {
    const response = await fetch(`${this.#url}/email`);
    return z.array(mail).parse(await response.json());
  }

  /** Waits for the newest mail that fits. @throws when none came in time, naming what did come. */
  async waitFor(what: string, fits: (mail: Mail) => boolean): Promise<Mail> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const mails = await this.all();
      const found = mails.findLast(fits);
      if (found) return found;
      if (Date.now() > end) throw new Error(`No ${what} came; there are: ${mails.map(({ subject }) => subject).join(' | ')}`);
      await sleep(100);
    }
  }

  /** Removes all mail: where there is a lot of it, looking for one takes long. */
  async clear(): Promise<void> {
    await fetch(`${this.#url}/email/all`, { method: 'DELETE' });
  }

  /** A mail as it was sent, headers and all. */
  async source(id: string): Promise<string> {
    return (await fetch(`${this.#url}/email/${id}/source`)).text();
  }

  /** The link of the newest wrapper mail to an address under a subject: alone on one line of its text. */
  async wrapperLink(to: string, subject: string): Promise<string> {
    const wrapper = await this.waitFor(`wrapper to ${to}`, (each) => each.subject === subject && isTo(each, to));
    const [link] = wrapper.text.match(/^https?:\/\/\S+\/m\/\S+$/m) ?? [];
    if (!link) throw new Error(`The wrapper's text has no line with a link: ${wrapper.text}`);
    return link;
  }

  /** The passcode with a reference: the first eight digits of its subject. */
  async passcode(to: string, reference: string): Promise<string> {
    const sent = await this.waitFor(`passcode ${reference}`, (each) => isTo(each, to) && each.subject.includes(reference));
    const [code] = sent.subject.match(/^\d{8}/) ?? [];
    if (!code) throw new Error(`The subject does not begin with eight digits: ${sent.subject}`);
    return code;
  }
}

function isTo(each: Mail, to: string): boolean {
  return each.to.some((recipient) => recipient.address === to);
}
