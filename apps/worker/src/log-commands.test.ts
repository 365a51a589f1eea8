import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { asSuperuser } from '@signet/db/testing/test-database';
import { expect, test } from 'vitest';
import { recordActs, sealerOf, sealOf, verifySealedLog } from './testing/sealed-log.ts';
import { openTestWorker, type TestWorker } from './testing/test-worker.ts';

/** Runs a command of the worker as operators do, with the worker's settings. */
async function run(worker: TestWorker, command: 'accept-log' | 'check-logs', words: readonly string[] = []) {
  const program = join(import.meta.dirname, `${command}.ts`);
  const child = spawn(process.execPath, ['--conditions=@signet/source', program, ...words], {
    env: {
      NODE_ENV: 'test',
      SIGNET_MODE: 'demo',
      DATABASE_URL: worker.url,
      BLOB_URL: pathToFileURL(join(worker.folder, 'blobs')).href,
      KEY_PROVIDER_URL: pathToFileURL(join(worker.folder, 'master.key')).href,
      PUBLIC_URL: 'https://mail.acme.example',
      WORKER_METRICS_PORT: '0',
      SMTP_URL: 'smtp://127.0.0.1:1',
      LOOP_KEY: randomBytes(32).toString('base64url'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code: Number(code) };
}

async function sealedWorker() {
  const worker = await openTestWorker();
  const log = { organizationId: worker.organization.id, stream: 'admin' } as const;
  await recordActs(worker, 5);
  await sealerOf(worker).seal(log);
  return { worker, log };
}

test('accept-log goes on with a log that was refused, and asks for a reason', async () => {
  const { worker, log } = await sealedWorker();
  const words = ['--organization', log.organizationId, '--log', 'admin'];
  expect(await run(worker, 'accept-log', words)).toMatchObject({ code: 1, stderr: expect.stringContaining('reason') });
  const given = [...words, '--reason', 'Blob storage was lost'];
  expect(await run(worker, 'accept-log', given)).toMatchObject({ code: 0, stdout: 'Nothing is wrong with this log\n' });
  await rm(join(worker.folder, 'blobs', '.notes'), { recursive: true });
  expect(await sealerOf(worker).seal(log)).toMatchObject({ outcome: 'refused' });
  expect(await run(worker, 'accept-log', given)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Blob storage has no checkpoint'),
  });
  await verifySealedLog(worker, 'admin');
});

test('check-logs says ok of each log, or the first index that differs and exit code 1', async () => {
  const { worker, log } = await sealedWorker();
  const { size } = await sealOf(worker, 'admin', log.organizationId);
  expect(await run(worker, 'check-logs')).toEqual({ code: 0, stdout: `${log.organizationId}/admin: ok ${size} entries\n`, stderr: '' });
  await asSuperuser(worker.url, 'delete from admin_record where log_index = 2');
  const { code, stdout, stderr } = await run(worker, 'check-logs');
  expect({ code, stdout }).toEqual({ code: 1, stdout: `${log.organizationId}/admin at index 2: The record is missing\n` });
  expect(stderr).toContain('not what was logged');
});
