import { createClient } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { expect, test } from 'vitest';
import { explain } from './failure.ts';

const nobody = createClient({ baseUrl: 'http://localhost:1', fetch: () => Promise.reject(new Error('was asked')) });

test('an argument that is empty, or a folder to an address, is refused before anybody is asked, and what mends it is said', async () => {
  const calls: (() => Promise<unknown>)[] = [
    ...['', '.', '..', '%2e'].map((message) => () => nobody.call(routes.getMessage, { params: { message } })),
    () => nobody.call(routes.getAuditEntry, { params: { id: '' } }),
    () => nobody.call(routes.getBrandingTemplate, { params: { name: '' } }),
  ];
  const said = await Promise.all(
    calls.map(async (call) => {
      try {
        return await call();
      } catch (error) {
        return explain(error, false);
      }
    }),
  );
  const mend = 'it is empty, or made of dots. Give it as the list shows it; in a script, see whether a variable is empty.';
  expect(said).toEqual(
    ['message', 'message', 'message', 'message', 'id', 'name'].map((what) => ({
      lines: [`signet: This names no ${what}: ${mend}`],
      exitCode: 2,
    })),
  );
});
