import { setTimeout as sleep } from 'node:timers/promises';

/** What the bench reads of a mail that Signet sent. */
interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly to: readonly { readonly address: string }[];
}

/** A recipient's link: the token that wrapper mail carried. */
export interface RecipientLink {
  readonly address: string;
  readonly token: string;
}

/** Waits until `count` wrapper mails have come. @throws when no more come for half a minute */
export async function readLinks(mailboxUrl: string, count: number): Promise<RecipientLink[]> {
  let known = -1;
  for (let deadline = Date.now() + 30_000; Date.now() < deadline;) {
    const links = (await readMails(mailboxUrl)).flatMap(linkOf);
    if (links.length >= count) return links;
    if (links.length > known) deadline = Date.now() + 30_000;
    known = links.length;
    // The mailbox answers with all of its mail: not too often.
    await sleep(Math.min(3_000, 200 + count));
  }
  throw new Error(`Of ${count} wrapper mails ${known} came.`);
}

/** The newest passcode mail with a reference. @throws when none comes within 20 seconds */
export async function readPasscode(mailboxUrl: string, reference: string): Promise<string> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const mail = (await readMails(mailboxUrl)).findLast(({ subject }) => subject.includes(reference));
    const code = mail?.subject.match(/^\d{8}/)?.[0];
    if (code !== undefined) return code;
    await sleep(200);
  }
  throw new Error(`No mail came with the passcode ${reference}.`);
}

async function readMails(mailboxUrl: string): Promise<Mail[]> {
  const answer = await fetch(`${mailboxUrl}/email`);
  const mails: Mail[] = JSON.parse(await answer.text());
  return mails;
}

function linkOf({ text, to }: Mail): RecipientLink[] {
  const token = text.match(/^https?:\/\/\S+\/m\/(\S+)$/m)?.[1];
  const address = to[0]?.address;
  return token === undefined || address === undefined ? [] : [{ address, token }];
}
