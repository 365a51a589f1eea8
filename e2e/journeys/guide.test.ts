import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { wholeEnvironment } from '../env.ts';
import { test } from '../signet.ts';

const guide = resolve(import.meta.dirname, '../../docs/guides/integrators.md');

test('every command of the integrators’ guide does what the guide says', async ({ signet }) => {
  const blocks = [...readFileSync(guide, 'utf8').matchAll(/^```sh\n([^]*?)^```/gm)].map(([, commands = '']) => commands);
  expect(blocks.length).toBeGreaterThan(8);
  const folder = mkdtempSync(join(tmpdir(), 'signet-guide-'));
  try {
    const { smtp, apiKey: KEY, apiUrl: API } = signet;
    const run = spawnSync('bash', ['-euo', 'pipefail', '-c', blocks.join('\necho "--- next"\n')], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        ...wholeEnvironment,
        KEY,
        API,
        GATEWAY: `smtp://${smtp.host}:${smtp.port}`,
        SMTP_USER: smtp.username,
        SMTP_PASSWORD: smtp.password,
      },
    });
    expect(run.status, run.stderr + run.stdout).toBe(0);
    const answers = run.stdout.split('--- next\n');
    const [, key = '', sent = '', , , followed = '', , , , , added = '', logs = '', takenBack = '', ruled = '', proving = ''] = answers;
    const refused = answers.at(-1) ?? '';
    expect(JSON.parse(key)).toMatchObject({ name: 'Ticket system', secret: expect.stringMatching(/^sk_/) });
    expect(JSON.parse(sent)).toMatchObject({ messageId: '<offer-7@acme.example>', duplicate: false });
    expect(JSON.parse(followed)).toMatchObject({ recipients: [{ address: 'bob@example.net' }, { address: 'carol@example.net' }] });
    expect(JSON.parse(added)).toEqual({ accepted: 1, duplicates: 0 });
    expect(JSON.parse(logs)).toMatchObject({ items: [{ stream: 'audit' }, { stream: 'admin' }] });
    expect(takenBack).toContain('"accessState":"revoked"');
    expect(takenBack).toContain('"basis":"recorded"');
    expect(ruled).toContain('"addresses":["ann@acme.example"]');
    expect(ruled).toContain('If the sender is in the group “Legal”: forbid forwarding and let it expire after 30 days');
    expect(proving).toContain('"name":"_signet.post.example.org"');
    expect(JSON.parse(refused)).toMatchObject({ errors: [{ pointer: '/name' }, { pointer: '/scopes/0' }, { pointer: '/colour' }] });
    // What other journeys find as the demo left it.
    const { items } = await signet.api.call(routes.listNextHops);
    for (const { id } of items) await signet.api.call(routes.removeNextHop, { params: { id } });
    const rules = await signet.api.call(routes.listMailRules);
    for (const { id, name } of rules.items)
      if (name === 'Legal mail expires') await signet.api.call(routes.removeMailRule, { params: { id } });
    await signet.api.call(routes.removeSenderGroup, { params: { name: 'Legal' } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
