import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { readCheckpoint } from '@signet/domain/log/checkpoint';
import { readVerifierKey } from '@signet/domain/log/signed-note';
import { z } from 'zod';
import { runStatement } from '../database.ts';
import { typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

const event = z.object({
  type: z.string(),
  data: z.object({
    checkpoints: z.array(z.object({ stream: z.enum(['audit', 'admin']), size: z.int(), root: z.string(), note: z.string() })).optional(),
  }),
});

test('an admin says when checkpoints leave and to whom, and they arrive by mail and by webhook, signed by the logs’ keys', async ({
  signet,
  page,
}) => {
  test.setTimeout(300_000);
  const received: z.infer<typeof event>[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      received.push(event.parse(JSON.parse(body)));
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/checkpoints`;
  const before = await signet.api.call(routes.getCheckpointDelivery);
  const alone = { name: 'Notary', url, operations: [], checkpoints: true };
  const notary = await signet.api.call(routes.createWebhook, { body: alone });
  const section = page.getByRole('region', { name: 'Checkpoints leave by themselves' });
  const dialog = page.getByRole('dialog');
  const save = () => dialog.getByRole('button', { name: 'Save' }).click();
  try {
    await test.step('what is wrong is said at its box, and strangers are not sent more than one a day', async () => {
      await page.goto(`${signet.portalUrl}/admin/log`);
      await typePassword(page, signet.admin);
      await expect(section).toContainText('once a day');
      await expect(section.getByRole('link', { name: 'Notary' })).toBeVisible();
      await expectScreen(page, 'admin-log-delivery');
      await section.getByRole('button', { name: 'Change' }).click();
      await dialog.getByLabel('Hours from one time to the next').fill('25');
      await save();
      await expect(dialog.locator('#delivery-hours')).toHaveAttribute('aria-invalid', 'true');
      await dialog.getByLabel('Hours from one time to the next').fill('6');
      await dialog.getByLabel('By mail to others').fill('notary@example.net\nnobody');
      await save();
      await expect(dialog.locator('#delivery-addresses')).toHaveAttribute('aria-invalid', 'true');
      await dialog.getByLabel('By mail to others').fill('notary@example.net');
      await save();
      await expect(dialog.locator('#delivery-addresses-error')).toContainText('notary@example.net is no member');
      await expect(dialog.getByLabel('Notary')).toBeChecked();
      await expectScreen(page, 'admin-log-delivery-change', { fullPage: false });
    });

    await test.step('what gets nothing else cannot go without, and is named', async () => {
      await dialog.getByLabel('Hours from one time to the next').fill('24');
      await dialog.getByLabel('Notary').uncheck();
      await save();
      await expect(dialog.locator('#delivery-webhooks-error')).toContainText('Notary must name a step');
      // What was in force before that is said behind the dialog.
      await expect(page.locator('section[aria-labelledby="log-delivery"]')).toContainText('notary@example.net');
      await dialog.getByLabel('Notary').check();
      await save();
      await expect(dialog).toHaveCount(0);
      await expect(section.getByText('Saved.')).toBeVisible();
      await expect(section).toContainText('notary@example.net');
    });

    await test.step('a day later they are there', async () => {
      const due = "update organization set created_at = created_at - interval '25 hours'";
      expect(await runStatement(signet, due, [])).toBeGreaterThan(0);
      await runStatement(signet, "update checkpoint_sending set created_at = created_at - interval '25 hours'", []);
      // They are looked for once a minute.
      await expect.poll(() => received.length, { timeout: 120_000 }).toBeGreaterThan(0);
      const [first] = received;
      expect(first?.type).toBe('log.checkpoint');
      const { items } = await signet.api.call(routes.listLogs);
      for (const { stream, size, note } of first?.data.checkpoints ?? []) {
        const key = items.find((log) => log.stream === stream)?.keys[0]?.verifierKey ?? '';
        expect(readCheckpoint(note, readVerifierKey(key)).size).toBe(size);
      }
      expect(first?.data.checkpoints?.length).toBeGreaterThan(0);
      await expect(async () => {
        await page.reload();
        await expect(section.getByText('Taken by a mail server').first()).toBeVisible({ timeout: 1_000 });
      }).toPass();
      await expectScreen(page, 'admin-log-delivery-left');
    });
  } finally {
    server.closeAllConnections();
    server.close();
    await signet.api.call(routes.removeWebhook, { params: { id: notary.id } });
    const { everyHours, toAdmins, addresses } = before;
    await signet.api.call(routes.setCheckpointDelivery, { body: { everyHours, toAdmins, addresses } });
  }
});
