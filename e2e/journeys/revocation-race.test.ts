import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect } from '@playwright/test';
import { portalHeader } from '@signet/api-contract/portal-headers';
import { routes } from '@signet/api-contract/routes';
import { z } from 'zod';
import { wholeEnvironment } from '../env.ts';
import { signInByPasscode } from '../reader.ts';
import { sendMail } from '../send-mail.ts';
import { freePorts, test, type Signet } from '../signet.ts';

const secrets = z.object({ portalSecret: z.string(), passcodeKey: z.string(), loopKey: z.string(), databasePassword: z.string() });

test('revoking beside 200 readings on two api processes: none that begins after the answer gets content, and each that got some is in the report', async ({
  signet,
  page,
}) => {
  const subject = `Race ${randomBytes(3).toString('hex')}`;
  const to = 'frank@example.net';
  const content = randomBytes(200_000);
  const answer = await sendMail(signet, {
    from: `alice@${signet.organizationDomain}`,
    to,
    subject,
    text: 'Run.',
    attachments: [{ filename: 'race.bin', content }],
  });
  const messageId = answer.slice(answer.indexOf('<'));
  const link = await signet.mailbox.wrapperLink(to, subject);
  await page.goto(link);
  await signInByPasscode(page, signet, to);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(subject);
  const session = (await page.context().cookies()).find(({ name }) => name === 'signet-session')?.value ?? '';
  const href = await page.getByRole('listitem').filter({ hasText: 'race.bin' }).getByRole('link').getAttribute('href');
  const attachment = href?.match(/attachments\/\d+/)?.[0] ?? '';
  const token = link.slice(link.lastIndexOf('/') + 1);

  const second = await startSecondApi(signet);
  try {
    // Revoking begins with the first opening that got content: however slow the computer is, there are some before it.
    const { promise: opened, resolve: openedOnce } = Promise.withResolvers<void>();
    const read = async (base: string, request: 'access' | 'attachment') => {
      const begun = performance.now();
      const response = await fetch(`${base}/v1/links/${token}/${request === 'access' ? 'access' : attachment}`, {
        method: request === 'access' ? 'POST' : 'GET',
        headers: { [portalHeader.secret]: second.portalSecret, [portalHeader.session]: session, [portalHeader.visitorIp]: '203.0.113.7' },
      });
      // A stream that is cut has given content all the same.
      const bytes = await response.arrayBuffer().then(
        (body) => body.byteLength,
        () => 1,
      );
      const gotContent = response.ok && bytes > 0;
      if (gotContent && request === 'access') openedOnce();
      return { request, begun, gotContent, status: response.status };
    };
    const bases = [signet.apiUrl, second.url];
    const readings: ReturnType<typeof read>[] = [];
    let answeredAt = Number.POSITIVE_INFINITY;
    const revoke = async () => {
      await opened;
      await signet.api.call(routes.revokeMessage, { params: { message: messageId }, body: { reason: 'race' } });
      answeredAt = performance.now();
    };
    const revoking = revoke();
    for (let index = 0; index < 200; index += 1) {
      readings.push(read(bases[index % 2] ?? signet.apiUrl, index % 4 < 2 ? 'access' : 'attachment'));
      await setTimeout(1);
    }
    await revoking;
    const late = await Promise.all(bases.flatMap((base) => [read(base, 'access'), read(base, 'attachment')]));
    const all = [...(await Promise.all(readings)), ...late];

    const begunAfter = all.filter(({ begun }) => begun > answeredAt);
    expect(begunAfter.length).toBeGreaterThanOrEqual(4);
    expect(begunAfter.filter(({ gotContent }) => gotContent)).toEqual([]);
    expect(new Set(late.map(({ status }) => status))).toEqual(new Set([410]));
    const withContent = (request: 'access' | 'attachment') => all.filter((each) => each.request === request && each.gotContent).length;
    expect(withContent('access')).toBeGreaterThan(0);

    const exposure = await signet.api.call(routes.getExposure, { params: { message: messageId } });
    const before = exposure.recipients.flatMap((recipient) => recipient.before).filter((step) => step.operationStatus === 'Success');
    const counted = (operation: string) => before.filter((step) => step.operation === operation).length;
    // The page's own opening is one more. An opening whose answer was lost on the way is still in the report.
    expect(counted('MessageAccess')).toBeGreaterThanOrEqual(withContent('access') + 1);
    // Parallel whole downloads by one session join while one is under way, so there is one at least where content was got.
    expect(counted('AttachmentDownload') > 0).toBe(withContent('attachment') > 0);
    const after = exposure.recipients.flatMap((recipient) => recipient.after);
    expect(after.filter((step) => step.operationStatus === 'Success')).toEqual([]);
  } finally {
    await second.stop();
  }
});

/** Starts another api beside the one of `npm start`, on the same database, blobs and keys. */
async function startSecondApi(signet: Signet) {
  const root = resolve(import.meta.dirname, '..', '..');
  const { portalSecret, passcodeKey, loopKey, databasePassword } = secrets.parse(
    JSON.parse(readFileSync(join(signet.home, 'secrets.json'), 'utf8')),
  );
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const child = spawn(join(root, 'node_modules/.bin/node'), [join(root, 'apps/api/dist/main.js')], {
    env: {
      PATH: wholeEnvironment['PATH'],
      NODE_ENV: 'production',
      SIGNET_MODE: 'demo',
      DATABASE_URL: `postgresql://signet:${databasePassword}@127.0.0.1:${signet.databasePort}/signet`,
      BLOB_URL: pathToFileURL(join(signet.home, 'blobs')).href,
      KEY_PROVIDER_URL: pathToFileURL(join(signet.home, 'master.key')).href,
      LOG_LEVEL: 'error',
      PUBLIC_URL: signet.portalUrl,
      API_HOST: '127.0.0.1',
      API_PORT: String(port),
      API_METRICS_PORT: String(metricsPort),
      PORTAL_SECRET: portalSecret,
      PASSCODE_KEY: passcodeKey,
      LOOP_KEY: loopKey,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(() =>
      fetch(`${url}/health/ready`).then(
        (response) => response.status,
        () => 0,
      ),
    )
    .toBe(200);
  const stop = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return { url, portalSecret, stop };
}
