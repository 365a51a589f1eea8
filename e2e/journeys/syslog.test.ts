import { randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { generate } from 'selfsigned';
import { typePassword } from '../member.ts';
import { readMessage } from '../reader.ts';
import { expectScreen } from '../screen.ts';
import { test } from '../signet.ts';
import { startSyslogReceiver } from '../syslog-receiver.ts';

const mark = randomBytes(3).toString('hex');

test('an admin names a syslog destination and who vouches for it, tests it, sees what arrives and what is refused, moves its place, disables and removes it', async ({
  signet,
  page,
  browser,
}) => {
  const receiver = await startSyslogReceiver();
  const row = page.getByRole('listitem').filter({ hasText: 'SIEM' });
  const act = async (open: string, submit: string) => {
    await row.getByRole('button', { name: new RegExp(`^${open}`) }).click();
    await page.getByRole('dialog').getByRole('button', { name: submit, exact: true }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  };
  const says = (text: string) =>
    expect(async () => {
      await page.reload();
      await expect(row).toContainText(text, { timeout: 1_000 });
    }).toPass();
  try {
    await test.step('there is none yet, and what is wrong is said at its box', async () => {
      await page.goto(`${signet.portalUrl}/admin/syslog`);
      await typePassword(page, signet.admin);
      await expect(page.getByText('The trail is sent nowhere as syslog yet.')).toBeVisible();
      await expectScreen(page, 'admin-syslog-none');
      await page.getByRole('button', { name: 'Add a destination' }).click();
      await page.getByLabel('Name').fill('SIEM');
      await page.getByLabel('Host').fill('10.0.0.1');
      await page.getByLabel('Port').fill('many');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await expect(page.locator('#syslog-port')).toHaveAttribute('aria-invalid', 'true');
      await page.getByLabel('Port').fill(String(receiver.port));
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await expect(page.locator('#syslog-host')).toHaveAttribute('aria-invalid', 'true');
      await page.getByLabel('Host').fill('127.0.0.1');
      await page.getByLabel('Who vouches for its certificate').fill('nobody');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await expect(page.locator('#syslog-certificateAuthority')).toHaveAttribute('aria-invalid', 'true');
      await expectScreen(page, 'admin-syslog-add', { fullPage: false });
    });

    await test.step('where nobody known vouches for it, nothing leaves, and it says why', async () => {
      await page.getByLabel('Who vouches for its certificate').fill('');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await expect(row).toContainText('Sending');
      await act('Test', 'Send a test');
      await says('Last test: not taken');
      await expect(row).toContainText(/self-signed certificate/i);
      await expectScreen(page, 'admin-syslog-refused');
      expect(receiver.messages()).toEqual([]);
    });

    await test.step('with its authority a test arrives, and the trail from then on', async () => {
      await row.getByRole('button', { name: /^Edit/ }).click();
      await page.getByLabel('Who vouches for its certificate').fill(receiver.authority);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await expect(row).toContainText('An authority of its own vouches for it.');
      await act('Test', 'Send a test');
      await says('Last test: taken');
      await readMessage(signet, browser, `Syslog ${mark}`);
      await expect
        .poll(() => receiver.messages().filter((text) => text.includes(mark) && text.includes('kind="entry"')).length)
        .toBeGreaterThan(0);
      await says('Last taken at');
      await expectScreen(page, 'admin-syslog');
    });

    await test.step('where the receiver asks who sends, Signet shows a certificate whose key is typed once', async () => {
      const { cert, private: key } = await generate([{ name: 'commonName', value: `signet-${mark}` }], {
        keyType: 'ec',
        algorithm: 'sha256',
      });
      await row.getByRole('button', { name: /^Edit/ }).click();
      await page.getByText('A certificate of Signet’s own, and the size of messages').click();
      await page.getByLabel('Bytes of a message at most').fill('100');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await expect(page.locator('#syslog-maxMessageBytes')).toHaveAttribute('aria-invalid', 'true');
      await page.getByLabel('Bytes of a message at most').fill('65536');
      await page.getByLabel('Certificate that Signet shows').fill(cert);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await expect(page.locator('#syslog-clientKey')).toHaveAttribute('aria-invalid', 'true');
      await expectScreen(page, 'admin-syslog-certificate', { fullPage: false });
      await page.getByLabel('Its private key').fill(key);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await expect(row).toContainText('Signet shows it a certificate.');
      await act('Test', 'Send a test');
      await expect.poll(() => receiver.senders()).toContain(`signet-${mark}`);
      // Saved by somebody who had it open while somebody else changed it: only what was typed is sent, and the key stays as it is.
      const [siem] = (await signet.api.call(routes.listSyslogDestinations)).items;
      await row.getByRole('button', { name: /^Edit/ }).click();
      await page.getByLabel('Name').fill('SIEM two');
      await signet.api.call(routes.changeSyslogDestination, { params: { id: siem?.id ?? '' }, body: { maxMessageBytes: 32_768 } });
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await expect(row).toContainText('SIEM two');
      const { items } = await signet.api.call(routes.listSyslogDestinations);
      expect(items).toMatchObject([{ name: 'SIEM two', maxMessageBytes: 32_768, clientCertificate: cert.trim() }]);
    });

    await test.step('off, to another place, on, and gone', async () => {
      await act('Disable', 'Disable');
      await expect(row).toContainText('Off');
      const before = receiver.messages().length;
      await act('Replay', 'Send from there');
      await expect(row).toContainText('Next is place 0 of the log');
      await act('Enable', 'Enable');
      await expect(row).toContainText('Sending');
      await expect.poll(() => receiver.messages().length).toBeGreaterThan(before);
      expect(receiver.messages().some((text) => text.includes('logIndex="0"'))).toBe(true);
      await row.getByRole('button', { name: /^Remove/ }).click();
      await expectScreen(page, 'admin-syslog-remove', { fullPage: false });
      await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
      await expect(page.getByText('The trail is sent nowhere as syslog yet.')).toBeVisible();
    });
  } finally {
    receiver.close();
    const { items } = await signet.api.call(routes.listSyslogDestinations);
    for (const { id } of items) await signet.api.call(routes.removeSyslogDestination, { params: { id } });
  }
});
