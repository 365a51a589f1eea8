import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { typePassword } from '../member.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';

test('an admin adds a webhook, keeps its secret, tests it, sees what its receiver refuses, edits, disables and removes it', async ({
  signet,
  page,
}) => {
  let status = 204;
  const types: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      types.push((JSON.parse(body) as { type: string }).type);
      response.writeHead(status).end(status === 204 ? '' : 'closed for today');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`;
  const row = page.getByRole('listitem').filter({ hasText: 'Ticket system' });
  const act = async (open: string, submit: string) => {
    await row.getByRole('button', { name: new RegExp(`^${open}`) }).click();
    await page.getByRole('dialog').getByRole('button', { name: submit, exact: true }).click();
  };
  try {
    await test.step('there is none yet, and what is wrong is said at its box', async () => {
      await page.goto(`${signet.portalUrl}/admin/webhooks`);
      await typePassword(page, signet.admin);
      await expect(page.getByText('No receiver is told of anything yet.')).toBeVisible();
      await expectScreen(page, 'admin-webhooks-none');
      await page.getByRole('button', { name: 'Add a webhook' }).click();
      await page.getByLabel('Name').fill('Ticket system');
      await page.getByLabel('Address').fill('http://192.0.2.1/');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await expect(page.locator('#webhook-url')).toHaveAttribute('aria-invalid', 'true');
      await expectScreen(page, 'admin-webhooks-add', { fullPage: false });
    });

    await test.step('its secret is shown once', async () => {
      await page.getByLabel('Address').fill(url);
      await page.getByLabel('Tell it of alerts too').check();
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await expect(page.getByRole('dialog').getByText(/^whsec_/)).toBeVisible();
      await page.getByRole('button', { name: 'I have kept it' }).click();
      await expect(row).toContainText('Sending');
      await expect(page.getByText(/whsec_/)).toHaveCount(0);
    });

    await test.step('a test arrives', async () => {
      await act('Test', 'Send a test');
      await expect(page.getByRole('status').filter({ hasText: 'A test is on its way' })).toBeVisible();
      await expect(async () => {
        await page.reload();
        await expect(row).toContainText('Last taken: a test', { timeout: 1_000 });
      }).toPass();
      expect(types).toContain('webhook.test');
      await expectScreen(page, 'admin-webhooks');
    });

    await test.step('what the receiver refuses is said in its words', async () => {
      status = 503;
      await act('Test', 'Send a test');
      await expect(async () => {
        await page.reload();
        await expect(row).toContainText('503: closed for today', { timeout: 1_000 });
      }).toPass();
      await expectScreen(page, 'admin-webhooks-refused');
    });

    await test.step('its name and what is sent there are changed, and what nothing would be sent is refused', async () => {
      const dialog = page.getByRole('dialog');
      await row.getByRole('button', { name: /^Edit/ }).click();
      await expect(dialog.getByLabel('Address')).toHaveValue(url);
      await dialog.getByLabel('Some').check();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await expect(dialog.getByText('It needs one at least.')).toBeVisible();
      await dialog.getByLabel('None: checkpoints or alerts alone').check();
      await dialog.getByLabel('Tell it of alerts too').uncheck();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await expect(dialog.getByText('It must name a step')).toBeVisible();
      await dialog.getByLabel('Some').check();
      await dialog.getByLabel('MessageAccess').check();
      await dialog.getByLabel('Send it the log’s checkpoints too, whenever they leave').check();
      await dialog.getByLabel('Name').fill('Ticket system, new');
      await expectScreen(page, 'admin-webhooks-edit', { fullPage: false });
      await dialog.getByRole('button', { name: 'Save' }).click();
      await expect(row).toContainText('Ticket system, new');
      await expect(row).toContainText('Only: MessageAccess. Checkpoints.');
    });

    await test.step('another secret, another place, off and on, and gone', async () => {
      await act('New secret', 'Make a new secret');
      await expect(page.getByRole('dialog').getByText(/^whsec_/)).toBeVisible();
      await page.getByRole('button', { name: 'I have kept it' }).click();
      await act('Disable', 'Disable');
      await expect(row).toContainText('Off');
      await act('Replay', 'Send from there');
      await expect(row).toContainText('Next is place 0 of the log');
      status = 204;
      await act('Enable', 'Enable');
      await expect(row).toContainText('Sending');
      await act('Remove', 'Remove');
      await expect(page.getByText('No receiver is told of anything yet.')).toBeVisible();
    });
  } finally {
    server.closeAllConnections();
    server.close();
    const { items } = await signet.api.call(routes.listWebhooks);
    for (const { id } of items) await signet.api.call(routes.removeWebhook, { params: { id } });
  }
});
