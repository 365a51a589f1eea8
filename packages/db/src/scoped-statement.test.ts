import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { EVERY_ORGANIZATION, runScoped, visibilityStatement } from './scoped-statement.ts';
import { openTestDatabase } from './testing/test-database.ts';

test('a statement that pg refuses to send fails, and the connection goes on in step without the setting', async () => {
  const { url } = await openTestDatabase();
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query({ ...visibilityStatement, values: [EVERY_ORGANIZATION] });
  const run = (text: string) => runScoped<{ n: number }>(client, EVERY_ORGANIZATION, { name: 'same', text, values: [] });
  expect(await run('select 1 as n')).toEqual([{ n: 1 }]);
  await expect(run('select 2 as n')).rejects.toThrow('must be unique');
  const { rows } = await client.query("select current_setting('signet.organization_id', true) as seen");
  expect(rows).not.toEqual([{ seen: EVERY_ORGANIZATION }]);
  expect(await run('select 1 as n')).toEqual([{ n: 1 }]);
});
