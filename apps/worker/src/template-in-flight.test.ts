import { storeBrandingImage } from '@signet/db/branding-image';
import { changeBrandingTemplate, findBrandingTemplate, lockTemplates } from '@signet/db/branding-template';
import { addToOutbox } from '@signet/db/outbox';
import { setMember } from '@signet/db/organization';
import { simpleParser } from 'mailparser';
import { expect, test, vi } from 'vitest';
import { startNextHop } from './testing/next-hop-server.ts';
import { openTestWorker, type TestWorker } from './testing/test-worker.ts';

const MESSAGES = 500;
const patience = { timeout: 400_000, interval: 250 };
const by = { kind: 'system', id: null, address: null, name: 'Test' } as const;

/** Two looks that share nothing. The worker passes a picture's bytes on as they are. */
const looks = [
  {
    backgroundColor: '#aa1122',
    introductionText: 'the first look says',
    footerText: 'foot of the first',
    logo: 'first-picture',
    expiry: 30,
  },
  {
    backgroundColor: '#1122aa',
    introductionText: 'the second look says',
    footerText: 'foot of the second',
    logo: 'second-picture',
    expiry: 0,
  },
] as const;

/** Gives the custom template a look, as the api does. */
async function wear(worker: TestWorker, index: number): Promise<void> {
  const look = looks[index % 2];
  if (!look) throw new Error('No look');
  const { logo, expiry, ...texts } = look;
  const sha256 = String(index % 2).repeat(64);
  await worker.database.forOrganization(worker.organization.id).transaction(async (tx) => {
    await lockTemplates(tx);
    const template = await findBrandingTemplate(tx, 'Acme');
    if (!template) throw new Error('No template');
    const shown = { png: Buffer.from(logo), width: 170, height: 70 };
    await storeBrandingImage(tx, { sha256, contentType: 'image/png', original: shown.png, shown });
    await changeBrandingTemplate(tx, { ...template.content, ...texts, externalMailExpiryInDays: expiry, imageSha256: sha256 }, by);
  });
}

/** The looks of which something is true, by their places. */
function which(has: (look: (typeof looks)[number]) => boolean): number[] {
  return looks.flatMap((look, index) => (has(look) ? [index] : []));
}

/** Which look each of a mail's parts has. */
async function looksOf(raw: string): Promise<Record<string, number[]>> {
  const { html, text, attachments } = await simpleParser(raw);
  return {
    colour: which(({ backgroundColor }) => String(html).includes(backgroundColor)),
    introduction: which(({ introductionText }) => String(html).includes(introductionText) && (text ?? '').includes(introductionText)),
    footer: which(({ footerText }) => String(html).includes(footerText) && (text ?? '').includes(footerText)),
    logo: which(({ logo }) => attachments.some(({ content }) => content.toString() === logo)),
    expiry: [(text ?? '').includes('This message expires on') ? 0 : 1],
  };
}

test(
  'a template that changes while 500 messages are in flight gives each of them one look, whole: the one it was accepted under',
  { timeout: 420_000 },
  async () => {
    const nextHop = await startNextHop();
    const worker = await openTestWorker({ nextHopUrl: nextHop.url });
    await wear(worker, 0);
    worker.run();
    const accepting = new AbortController();
    const changing = (async () => {
      for (let index = 1; !accepting.signal.aborted; index += 1) await wear(worker, index);
    })();
    for (let count = 0; count < MESSAGES; count += 1) await worker.accept([`r${count}@example.net`]);
    accepting.abort();
    await changing;
    await vi.waitFor(() => expect(nextHop.mails).toHaveLength(MESSAGES), patience);

    const accepted = await worker.system.query<{ address: string; look: string }>(
      `select r.address, t.content ->> 'introductionText' as look from recipient r join message m on m.id = r.message_uid
     join branding_template_revision t on t.id = m.template_revision_id`,
    );
    const lookOf = new Map(
      accepted.map(({ address, look }) => [address, looks.findIndex(({ introductionText }) => introductionText === look)]),
    );
    const seen = new Set<number>();
    for (const { to, raw } of nextHop.mails) {
      const index = lookOf.get(to) ?? -1;
      seen.add(index);
      const one = [index];
      expect(await looksOf(raw), to).toEqual({ colour: one, introduction: one, footer: one, logo: one, expiry: one });
    }
    expect([...seen].toSorted((a, b) => a - b)).toEqual([0, 1]);
  },
);

test('a sample is the template as it was when it was asked for, goes to the member alone, and is marked as made by a machine', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await wear(worker, 0);
  const scope = worker.database.forOrganization(worker.organization.id);
  const memberId = await scope.administer((tx) => setMember(tx, { email: 'admin@acme.example', role: 'admin', passwordHash: 'none' }));
  const template = await findBrandingTemplate(scope, 'Acme');
  await scope.transaction((tx) =>
    addToOutbox(tx, [{ kind: 'send-template-test', payload: { memberId, revisionId: String(template?.revisionId) } }]),
  );
  await wear(worker, 1);
  worker.run();
  await vi.waitFor(() => expect(nextHop.mails).toHaveLength(1), patience);
  const [mail] = nextHop.mails;
  expect(mail).toMatchObject({ to: 'admin@acme.example', from: 'no-reply@acme.example' });
  expect(await looksOf(mail?.raw ?? '')).toEqual({ colour: [0], introduction: [0], footer: [0], logo: [0], expiry: [0] });
  const { headers, attachments, html } = await simpleParser(mail?.raw ?? '');
  expect(headers.get('auto-submitted')).toBe('auto-generated');
  expect(attachments).toMatchObject([{ cid: 'logo@signet', contentType: 'image/png', contentDisposition: 'inline', related: true }]);
  // The parser has put the attached picture in its place.
  expect(String(html)).not.toContain('/m/');
  await vi.waitFor(
    async () => expect(await worker.system.query("select 1 from outbox where kind = 'send-template-test'")).toEqual([]),
    patience,
  );
});
