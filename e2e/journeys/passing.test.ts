import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { dkimSign, dkimVerify } from 'mailauth';
import { createTransport } from 'nodemailer';
import { expected, readAsSent } from '../mail-corpus.ts';
import { startMailSink } from '../mail-sink.ts';
import { test } from '../signet.ts';

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const selector = 'before-signet';

/**
 * The signature of a mail system that stands before Signet, over every octet of body and signed fields as they are; empty for a message that
 * nobody can sign.
 */
async function signatureFor(raw: Buffer, signingDomain: string): Promise<string> {
  const signature = { signingDomain, selector, privateKey: pair.privateKey, canonicalization: 'simple/simple' };
  const { signatures } = await dkimSign(raw, { ...signature, signatureData: [signature] });
  return signatures;
}

/** What a receiver finds of that signature, who asks the DNS for its key. */
async function signatureOf(raw: Buffer): Promise<string> {
  const { results } = await dkimVerify(raw, {
    resolver: async (name) => {
      if (!name.startsWith(`${selector}._domainkey.`)) throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
      return [[`v=DKIM1; k=rsa; p=${pair.publicKey.toString('base64')}`]];
    },
  });
  return results.find((result) => result.selector === selector)?.status.result ?? 'none';
}

/** What Signet adds: one Received field of several lines. */
const receivedField = /^Received: from \S+ \(\[127\.0\.0\.1\]\)\r\n(?:\t[^\r\n]+\r\n)+/;

test('every message of the corpus passes through byte for byte after one Received field, and its signature holds', async ({ signet }) => {
  const { smtp, organizationDomain, api } = signet;
  const domain = `d${randomBytes(3).toString('hex')}.example`;
  const sink = await startMailSink();
  const hop = await api.call(routes.createNextHop, { body: { domain, host: '127.0.0.1', port: sink.port, tls: 'opportunistic' } });
  const rule = await api.call(routes.createMailRule, {
    body: {
      name: `Pass to ${domain}`,
      conditions: [{ kind: 'recipientDomain', domains: [domain] }],
      actions: [{ kind: 'passThrough' }],
      position: 0,
    },
  });
  const sent = new Map<string, { readonly name: string; readonly raw: Buffer }>();
  for (const [index, name] of Object.keys(expected).entries()) {
    const raw = readAsSent(name);
    sent.set(`plain-${index}@${domain}`, { name, raw });
    const ownSignature = await signatureFor(raw, organizationDomain);
    if (ownSignature !== '') sent.set(`signed-${index}@${domain}`, { name, raw: Buffer.concat([Buffer.from(ownSignature), raw]) });
  }

  await test.step('the gateway takes them, and the mail server of their recipients gets them', async () => {
    const { host, port, username: user, password: pass } = smtp;
    const transport = createTransport({ pool: true, maxConnections: 4, host, port, ignoreTLS: true, auth: { user, pass } });
    // Each from a sender of its own: what the same sender hands in again is the message that is there already.
    await Promise.all(
      [...sent].map(([to, { raw }]) => transport.sendMail({ envelope: { from: to.replace(domain, organizationDomain), to: [to] }, raw })),
    );
    transport.close();
    await expect.poll(() => sink.mails.size, { timeout: 120_000 }).toBe(sent.size);
  });

  await test.step('before them stands one field of Signet’s, and behind it they are what was sent', () => {
    const changed = [...sent].filter(([to, { raw }]) => {
      const text = (sink.mails.get(to) ?? Buffer.alloc(0)).toString('latin1');
      return text.replace(receivedField, '') !== raw.toString('latin1') || !receivedField.test(text);
    });
    expect(changed.map(([to, { name }]) => `${to}: ${name}`)).toEqual([]);
  });

  await test.step('a receiver finds the signature that was there before, and not on what was changed', async () => {
    const found: string[] = [];
    for (const [to, { raw }] of sent) {
      if (to.startsWith('signed-'))
        found.push(`${await signatureOf(raw)}, then ${await signatureOf(sink.mails.get(to) ?? Buffer.alloc(0))}`);
    }
    // Two of the corpus have no From that could be signed.
    expect(found).toEqual(Array.from({ length: 111 }, () => 'pass, then pass'));
    const [first] = [...sink.mails].filter(([to]) => to.startsWith('signed-'));
    expect(await signatureOf(Buffer.concat([first?.[1] ?? Buffer.alloc(0), Buffer.from('more\r\n')]))).not.toBe('pass');
  });

  await api.call(routes.removeMailRule, { params: { id: rule.id } });
  await api.call(routes.removeNextHop, { params: { id: hop.id } });
  await sink.stop();
});
