import { expect, test } from 'vitest';
import { renderCheckpointMail, type CheckpointMailData } from './checkpoint-mail.tsx';

const key = `mail.acme.example/logs/01a21c7a-d8d4-702d-b5ab-c3b3072cdba7/audit+1234abcd+${'A'.repeat(44)}`;
const data: CheckpointMailData = {
  organizationName: 'Acme',
  email: 'bob@acme.example',
  at: '2026-11-27T10:36:45.000Z',
  logs: [
    { stream: 'audit', size: 4711, verifierKeys: [key, `${key}-former`] },
    { stream: 'admin', size: 1, verifierKeys: [key.replace('/audit', '/admin')] },
  ],
};

test('it says what was signed, and how it is verified offline, with commands that can be copied whole', async () => {
  const { subject, text, html } = await renderCheckpointMail(data);
  expect(subject).toBe('Checkpoints of the logs of Acme, 27 November 2026, 10:36 UTC');
  const lines = text.split('\n');
  expect(lines).toContain(`signet log verify --entries audit.ndjson --checkpoint audit.checkpoint.txt --key '${key}'`);
  expect(lines).toContain(`${key}-former`);
  expect(lines).toContain('Steps of messages (audit.checkpoint.txt): 4711 entries');
  expect(text).toContain('1 entry');
  expect(html).toContain(key);
});

test('a name cannot bring a line of its own, and nothing in it leads anywhere', async () => {
  const { subject, text, html } = await renderCheckpointMail({ ...data, organizationName: 'Acme\r\nBcc: eve@example.net' });
  expect(subject).not.toMatch(/[\r\n]/);
  expect(text.split('\n').some((line) => line.startsWith('Bcc:'))).toBe(false);
  expect(html).not.toMatch(/<a\s/);
});
