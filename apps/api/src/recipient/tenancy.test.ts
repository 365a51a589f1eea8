import { recipientRoutes } from '@signet/api-contract/recipient';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createFixture, mailWith, open, type Answer, type SignedIn } from './testing/recipient-fixture.ts';

type Name = keyof typeof recipientRoutes;

interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/** How each route asks for a message's things; `access` and `index` are ids of one organization's. A new route without a case does not compile. */
const requests = {
  getLink: () => ({ method: 'GET', path: '' }),
  getLogo: () => ({ method: 'GET', path: 'logo' }),
  requestPasscode: () => ({ method: 'POST', path: 'passcodes' }),
  signInRecipient: () => ({ method: 'POST', path: 'session', body: { passcode: '00000000' } }),
  signOutRecipient: () => ({ method: 'DELETE', path: 'session' }),
  openMessage: () => ({ method: 'POST', path: 'access' }),
  getBody: ({ access }) => ({ method: 'GET', path: `body?access=${access}` }),
  getInlineImage: ({ access, index }) => ({ method: 'GET', path: `inline/${index}?access=${access}` }),
  downloadAttachment: ({ index }) => ({ method: 'GET', path: `attachments/${index}` }),
  downloadOriginal: () => ({ method: 'GET', path: 'original' }),
} as const satisfies Record<Name, (ids: { access: string; index: number }) => Request>;

const names = Object.keys(requests) as Name[];
/** Routes that answer only who is signed in, and the one that ends that. */
const signedIn = names.filter((name) => recipientRoutes[name].security === 'recipient' || name === 'signOutRecipient');
/** Routes that name a thing of the message besides the link. */
const byAccess = ['getBody', 'getInlineImage'] as const satisfies readonly Name[];

const api = await startTestApi();
const file = { name: 'plan.txt', content: Buffer.from('the plan of one organization') };

/** The same person reads messages of two organizations. */
async function readerOf(domain: string) {
  const fixture = await createFixture(api, { domain });
  const [recipient] = await fixture.storeMail(mailWith([file]), ['bob@example.net']);
  if (!recipient) throw new Error('No recipient');
  const reader = await fixture.signIn(recipient);
  const { accessId, message } = await open(api, reader);
  await fixture.close();
  return { reader, access: accessId, index: message.attachments[0]?.index ?? -1 };
}

const acme = await readerOf('acme.example');
const globex = await readerOf('globex.example');

function send(recipient: { token: string; visitorIp: string; session?: string }, { method, path, body }: Request): Promise<Answer> {
  return ask(api, recipient, method, path, body === undefined ? {} : { body });
}

const withoutDate = (answer: Answer) => [...answer.headers].filter(([name]) => name !== 'date');

test('every route answers an unknown link as no route at all would: the same 404, byte for byte', async () => {
  const nowhere = await fetch(`${api.url}/v1/nowhere`);
  const text = await nowhere.text();
  for (const name of names) {
    for (const token of ['A'.repeat(32), 'x', 'ä'.repeat(300)]) {
      const answer = await send({ ...acme.reader, token: encodeURIComponent(token) }, requests[name](acme));
      expect(answer.status, name).toBe(404);
      expect(answer.text, name).toBe(text);
    }
  }
});

test('a session of one organization opens nothing of another, though the address is the same', async () => {
  const { session: _, ...stranger } = acme.reader satisfies SignedIn;
  for (const name of signedIn) {
    const request = requests[name](acme);
    const foreign = await send({ ...stranger, session: globex.reader.session }, request);
    const none = await send(stranger, request);
    // Signing out says the same whether there was a session or not; below it shows that it ended none.
    expect(foreign.status, name).toBe(name === 'signOutRecipient' ? 204 : 401);
    expect(foreign.text, name).toBe(none.text);
    expect(withoutDate(foreign), name).toEqual(withoutDate(none));
    expect(foreign.bytes.includes(file.content), name).toBe(false);
  }
  // Nothing that was tried has ended the other session.
  expect((await send(globex.reader, requests.downloadAttachment(globex))).bytes).toEqual(file.content);
});

test('an opening of another organization lets nothing through: the same 404 as an opening that never was', async () => {
  for (const name of byAccess) {
    const foreign = await send(globex.reader, requests[name]({ ...globex, access: acme.access }));
    const none = await send(globex.reader, requests[name]({ ...globex, access: crypto.randomUUID() }));
    expect(foreign.status, name).toBe(404);
    expect(foreign.text, name).toBe(none.text);
    expect(withoutDate(foreign), name).toEqual(withoutDate(none));
  }
});
