import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { routes } from '@signet/api-contract/routes';
import { readExportedLine } from '@signet/domain/audit/exported-line';
import { npmRunSignet, signetCommand } from '../command-line.ts';
import { readMessage } from '../reader.ts';
import { sendMail } from '../send-mail.ts';
import { freePorts, test, type Signet } from '../signet.ts';

// Each command is a process of its own, on a machine that others share.
test.describe.configure({ timeout: 600_000 });

test('Set-IrmConfiguration -EnablePortalTrackingLogs $true works as in Microsoft’s documents, and what means nothing here is refused', async ({
  signet,
}) => {
  const isTracking = async () => (await signet.api.call(routes.getConfiguration)).enablePortalTrackingLogs;
  expect(await isTracking()).toBe(true);
  expect(await npmRunSignet(signet, ['Set-IrmConfiguration', '-EnablePortalTrackingLogs', '$false'])).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
  expect(await isTracking()).toBe(false);
  expect((await signetCommand(signet, ['Get-IRMConfiguration'])).stdout).toBe('\nEnablePortalTrackingLogs : False\n\n');

  for (const [words, message] of [
    [['set-irmconfiguration', '-EnablePortalTrackingLogs', ''], `write -EnablePortalTrackingLogs '$true'`],
    [['Set-IRMConfiguration', '-EnablePortalTrackinLogs', '$true'], 'Did you mean -EnablePortalTrackingLogs?'],
    [['Set-IRMConfiguration', '-EnablePdfEncryption', '$true'], '-EnablePdfEncryption has no meaning here: attachments never leave'],
    [['Set-IRMConfiguration', '-DecryptAttachmentForEncryptOnly', '$true'], '-DecryptAttachmentForEncryptOnly has no meaning here'],
    [['Set-IRMConfiguration', '-SimplifiedClientAccessEnabled:$true'], '-SimplifiedClientAccessEnabled has no meaning here'],
    [['Set-IRMConfiguration', '-EnablePortal', '$true', '-Confirm'], 'nobody can be asked here'],
    [['Set-IRMConfiguration'], 'say what to set'],
  ] as const) {
    const refused = await signetCommand(signet, words);
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  }
  const whatIf = await signetCommand(signet, ['Set-IRMConfiguration', '-EnablePortalTrackingLogs', '$true', '-WhatIf']);
  expect(whatIf).toEqual({ code: 0, stdout: '', stderr: 'What if: Switching the portal’s tracking logs on.\n' });
  expect(await isTracking()).toBe(false);

  expect((await signetCommand(signet, ['SET-IRMCONFIGURATION', '-enableportal:$TRUE', '-Confirm:$false'])).code).toBe(0);
  expect(await isTracking()).toBe(true);
  const records = await signetCommand(signet, ['record', 'list', '--action', 'ConfigurationChange', '--limit', '2', '--json']);
  expect(JSON.parse(records.stdout)).toMatchObject({
    items: [{ after: { enablePortalTrackingLogs: true } }, { after: { enablePortalTrackingLogs: false } }],
  });
  expect((await signetCommand(signet, ['configuration', 'set', 'enablePortalTrackingLogs=true'])).stdout).toMatch(
    /^enablePortalTrackingLogs +: yes$/m,
  );
});

test('a message is found, followed, taken back and given again, with nouns and verbs and with cmdlets', async ({ signet, browser }) => {
  const subject = `Offer ${randomBytes(3).toString('hex')}`;
  const id = await readMessage(signet, browser, subject);
  const { messageId } = await signet.api.call(routes.getMessage, { params: { message: id } });
  expect((await signetCommand(signet, ['message', 'list', '--subject', subject])).stdout).toMatch(new RegExp(`${subject}.* no +${id}`));

  await test.step('--json is what the API answers', async () => {
    const response = await fetch(`${signet.apiUrl}/v1/messages/${id}`, { headers: { authorization: `Bearer ${signet.apiKey}` } });
    expect(JSON.parse((await signetCommand(signet, ['message', 'show', messageId, '--json'])).stdout)).toEqual(await response.json());
  });

  await test.step('revoked, with its reason, though nobody can be asked', async () => {
    const revoked = await signetCommand(signet, ['message', 'revoke', messageId, '--reason', 'Wrong Bob']);
    expect(revoked).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/bob@example\.net .*revoked .*Wrong Bob/) });
    const status = await signetCommand(signet, ['Get-OMEMessageStatus', '-MessageId', messageId.slice(1, -1)]);
    expect(status.stdout).toBe(`\nSubject     : ${subject}\nIsRevocable : True\nRevoked     : True\n\n`);
    const exposure = await signetCommand(signet, ['message', 'exposure', id]);
    expect(exposure.stdout).toMatch(/Revoked +: .*Wrong Bob[^]*bob@example\.net +before .*MessageAccess +Success/);
    expect((await signetCommand(signet, ['message', 'exposure', id, '--html'])).stdout).toContain('</html>');
  });

  await test.step('restored by a cmdlet, which only says what it would do under -WhatIf', async () => {
    const isRevoked = async () => (await signet.api.call(routes.getMessage, { params: { message: id } })).revoked;
    const words = ['Set-OMEMessageRevocation', '-MessageId', messageId, '-Revoke', '$false'];
    expect((await signetCommand(signet, [...words, '-WhatIf'])).stderr).toBe(`What if: Restoring the message “${messageId}”.\n`);
    expect(await isRevoked()).toBe(true);
    expect((await signetCommand(signet, words)).stdout).toBe(
      `The message with the subject “${subject}” and Message-ID “${messageId}” was restored.\n`,
    );
    expect(await isRevoked()).toBe(false);
    expect((await signetCommand(signet, ['Set-OMEMessageRevocation', '-Rev', '1', '-Mess', id, '-Confirm:$false'])).code).toBe(0);
    expect(await isRevoked()).toBe(true);
    expect((await signetCommand(signet, ['message', 'restore', id, '--recipient', 'bob@example.net'])).code).toBe(0);
    expect(await isRevoked()).toBe(false);
  });

  await test.step('sent again by the same link', async () => {
    const sentAgain = await signetCommand(signet, ['message', 'resend', messageId, '--recipient', 'bob@example.net']);
    expect(sentAgain).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('bob@example.net') });
    const copies = async () => (await signet.mailbox.all()).filter((mail) => mail.subject === subject).length;
    await expect.poll(copies, { timeout: 60_000 }).toBe(2);
  });

  await test.step('its trail, over all pages', async () => {
    await expect
      .poll(() => operationsOf(signet, messageId), { timeout: 60_000 })
      .toEqual(expect.arrayContaining(['MessageSend', 'MessageAccess', 'MessageRevoke', 'MessageRestore', 'WrapperResend']));
    expect((await signetCommand(signet, ['audit', 'list', '--message', id])).stdout).toMatch(
      /^TIME +OPERATION[^]*MessageAccess +Success +bob@example\.net +OTP/,
    );
    const stopped = await signetCommand(signet, ['audit', 'list', '--message', id, '--limit', '1']);
    expect(stopped.stderr).toMatch(/^There is more: --all, or --cursor \S+\n$/);
  });

  await test.step('taken away: the log to standard output, a message’s steps into a file', async () => {
    const log = await signetCommand(signet, ['audit', 'export']);
    expect(log).toMatchObject({ code: 0, stderr: '' });
    const places = log.stdout.split('\n').slice(0, -1);
    expect(places.map((line) => readExportedLine(line).logIndex)).toEqual(places.map((_, index) => index));
    const file = join(signet.home, 'trail.csv');
    const words = ['audit', 'export', '--format', 'csv', '--message', id, '--operation', 'MessageAccess', '--output', file];
    expect(await signetCommand(signet, words)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(file, 'utf8')).toMatch(/^CreationTime,Operation,MessageID,[^\r]+\r\n\d{4}-[^\r]+,MessageAccess,[^]+\r\n$/);
    const refused = await signetCommand(signet, ['audit', 'export', '--format', 'm365', '--operation', 'LinkTouch']);
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('/include: must be “all”') });
    const records = await signetCommand(signet, ['audit', 'export', '--format', 'm365', '--message', id, '--include-all']);
    expect(records.stdout).toContain('"Operation":"MessageSend"');
  });

  await test.step('Microsoft’s own records are imported once, and a line that is none is named', async () => {
    const file = join(signet.home, 'records.ndjson');
    const record = {
      CreationTime: '2023-03-22T19:00:59',
      Id: randomUUID(),
      Operation: 'AuthenticationRequest',
      OrganizationId: randomUUID(),
      RecordType: 154,
      ResultStatus: 'Success',
      UserKey: 'admin@m365.example',
      UserType: 0,
      Version: 1,
      Workload: 'Exchange',
      UserId: 'admin@m365.example',
      AuthenticationMethod: 'OTP',
      AuthenticationStatus: 0,
      MessageId: '<imported@m365.example>',
      OperationProperties: [{ Name: 'MailSubject', Value: 'Support case' }],
      OperationStatus: 0,
      Recipient: 'bob@example.net',
      Sender: 'admin@m365.example',
    };
    writeFileSync(file, `${JSON.stringify(record)}\n`);
    const words = ['audit', 'import', '--format', 'm365', file];
    expect(await signetCommand(signet, words)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^New +: 1$/m) });
    writeFileSync(file, `${JSON.stringify(record)}\n{}\n`);
    const again = await signetCommand(signet, words);
    expect(again).toMatchObject({ code: 1, stdout: expect.stringMatching(/^Known +: 1$/m) });
    expect(again.stderr).toMatch(/records\.ndjson:2: CreationTime: .*\nsignet: 1 of 2 refused\.\n$/);
    const exported = ['audit', 'export', '--format', 'm365', '--message', 'imported@m365.example'];
    await expect.poll(async () => (await signetCommand(signet, exported)).stdout, { timeout: 60_000 }).toBe(`${JSON.stringify(record)}\n`);
  });

  await test.step('the same as Microsoft’s records', async () => {
    const dates = ['-StartDate', '1/1/2020', '-EndDate', '2100-01-01', '-RecordType', 'OMEPortal'];
    const user = `alice@${signet.organizationDomain}`;
    const found = await signetCommand(signet, [
      'Search-UnifiedAuditLog',
      ...dates,
      '-UserIds',
      user,
      '-Operations',
      'MessageAccess,authenticationrequest',
    ]);
    const data = [...found.stdout.matchAll(/^AuditData +: (.+)$/gm)].map(([, json = '']): unknown => JSON.parse(json));
    expect(data).toContainEqual(
      expect.objectContaining({ Operation: 'MessageAccess', RecordType: 154, MessageId: messageId, UserId: user }),
    );
    expect(new Set(data.map((record) => (record as { Operation: string }).Operation))).toEqual(
      new Set(['MessageAccess', 'AuthenticateRequest']),
    );
    const one = await signetCommand(signet, ['search-unifiedauditlog', ...dates, '-ResultSize', '1']);
    expect(one.stdout.match(/^ResultIndex/gm)).toHaveLength(1);
    for (const [words, message] of [
      [['-FreeText', 'offer'], '-FreeText has no meaning here'],
      [['-ResultSize', '5001'], '-ResultSize takes 1 to 5000'],
      [['-Operations', 'MailItemsAccessed'], 'OMEPortal has no MailItemsAccessed'],
      [['-UserIds', 'a@b.example,c@d.example'], 'one sender at a time'],
    ] as const) {
      const refused = await signetCommand(signet, ['Search-UnifiedAuditLog', ...dates, ...words]);
      expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    }
  });
});

test('a key’s secret is written once and alone, and what cannot be undone needs --yes where nobody can be asked', async ({ signet }) => {
  const made = await signetCommand(signet, ['key', 'create', 'Auditor', '--scope', 'messages:read', '--scope', 'audit:read']);
  expect(made.stdout).toMatch(/^sk_\S+\n$/);
  const key = { SIGNET_API_URL: signet.apiUrl, SIGNET_API_KEY: made.stdout.trim() };
  const { items } = await signet.api.call(routes.listApiKeys);
  const id = items.find(({ name }) => name === 'Auditor')?.id ?? '';
  expect((await signetCommand(signet, ['key', 'list'])).stdout).toContain(id);

  expect((await signetCommand(signet, ['message', 'list', '--limit', '1'], key)).code).toBe(0);
  const forbidden = await signetCommand(signet, ['key', 'list'], key);
  expect(forbidden).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('signet: This is not allowed (forbidden)') });

  const unasked = await signetCommand(signet, ['key', 'revoke', id]);
  expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('add --yes') });
  expect((await signetCommand(signet, ['audit', 'list', '--limit', '1'], key)).code).toBe(0);
  expect(await signetCommand(signet, ['key', 'revoke', id, '--yes'])).toMatchObject({ code: 0, stderr: `Revoked the API key ${id}.\n` });
  const over = await signetCommand(signet, ['audit', 'list'], key);
  expect(over).toMatchObject({ code: 1, stderr: expect.stringContaining('(unauthenticated)') });

  const credential = await signetCommand(signet, ['credential', 'create', 'Printer']);
  const [, username = '', password = ''] = /^Username : (\S+)\nPassword : (\S+)\n$/.exec(credential.stdout) ?? [];
  const mail = { from: `printer@${signet.organizationDomain}`, to: 'bob@example.net', subject: 'Scan', text: 'Scan.' };
  expect(await sendMail({ ...signet, smtp: { ...signet.smtp, username, password } }, mail)).toMatch(/^250 /);
});

test('every list is there as a table and as the API’s JSON', async ({ signet }) => {
  const invited = `audrey@${signet.organizationDomain}`;
  expect((await signetCommand(signet, ['member', 'invite', invited, '--role', 'auditor'])).stdout).toMatch(/audrey@\S+ +auditor +invited/);
  const changed = await signetCommand(signet, ['member', 'change', invited, '--role', 'helpdesk', '--json']);
  expect(JSON.parse(changed.stdout)).toMatchObject({ email: invited, role: 'helpdesk' });
  for (const [words, path, inTable] of [
    [['configuration', 'show'], 'configuration', 'requireSecondFactor'],
    [['template', 'list'], 'branding-templates', 'OME Configuration'],
    [['Get-OMEConfiguration'], 'branding-templates', 'Identity                 : Acme Legal'],
    [['template', 'show', 'Acme Legal'], 'branding-templates/Acme%20Legal', 'External mail expiry in days : 30'],
    [['get-omeconfiguration', 'Acme Legal'], 'branding-templates/Acme%20Legal', 'ExternalMailExpiryInDays : 30'],
    [['rule', 'list'], 'mail-rules', 'applyTemplate Acme, stop'],
    [['Get-TransportRule'], 'mail-rules', 'Enabled  Enforce  0'],
    [['key', 'list'], 'api-keys', 'messages:revoke'],
    [['credential', 'list'], 'smtp-credentials', signet.smtp.username],
    [['domain', 'list'], 'domains', signet.organizationDomain],
    [['member', 'list'], 'members', invited],
    [['outbox', 'list'], 'outbox', 'LAST TROUBLE'],
  ] as const) {
    const response = await fetch(`${signet.apiUrl}/v1/${path}`, { headers: { authorization: `Bearer ${signet.apiKey}` } });
    const answer = withoutUse(await response.json());
    expect(withoutUse(JSON.parse((await signetCommand(signet, [...words, '--json'])).stdout)), words.join(' ')).toEqual(answer);
    expect(await signetCommand(signet, words), words.join(' ')).toMatchObject({ code: 0, stdout: expect.stringContaining(inTable) });
  }
  expect((await signetCommand(signet, ['member', 'remove', invited, '--yes'])).code).toBe(0);
});

test('a group of senders is made from words or a file, shown, and removed once no rule asks about it', async ({ signet }) => {
  const at = (name: string) => `${name}@${signet.organizationDomain}`;
  const made = await signetCommand(signet, ['sender-group', 'set', 'Legal desk', at('Ann'), at('bea')]);
  expect(made).toEqual({ code: 0, stdout: '', stderr: 'The sender group Legal desk has 2 addresses now.\n' });
  expect((await signetCommand(signet, ['sender-group', 'list'])).stdout).toMatch(/^NAME +ADDRESSES\nLegal desk +2\n$/);
  expect((await signetCommand(signet, ['sender-group', 'show', 'legal DESK'])).stdout).toBe(
    `Name    : Legal desk\nAddress : ${at('ann')}\nAddress : ${at('bea')}\n`,
  );

  const file = join(signet.home, 'senders.csv');
  writeFileSync(file, `Name,Email\nCarl,${at('carl')}\nDora,nobody\n`);
  const set = ['sender-group', 'set', 'Legal desk', '--csv', file];
  expect(await signetCommand(signet, set)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('  /1: ') });
  writeFileSync(file, `Name,Email\nCarl,${at('carl')}\n`);
  const group = { name: 'Legal desk', addresses: [at('carl')] };
  expect(JSON.parse((await signetCommand(signet, [...set, '--json'])).stdout)).toMatchObject(group);
  for (const words of [[], [at('ann'), '--csv', file]]) {
    const unclear = await signetCommand(signet, ['sender-group', 'set', 'Legal desk', ...words]);
    expect(unclear).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Say the addresses, or --csv and a file.') });
  }
  const nowhere = await signetCommand(signet, ['sender-group', 'set', 'Legal desk', '--csv', join(signet.home, 'none.csv')]);
  expect(nowhere).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('none.csv cannot be read') });
  expect(await signet.api.call(routes.getSenderGroup, { params: { name: 'Legal desk' } })).toMatchObject(group);

  const words = ['-FromMemberOf', 'Legal desk', '-ApplyOME', '$true'];
  expect((await signetCommand(signet, ['New-TransportRule', 'Legal', ...words])).code).toBe(0);
  const remove = ['sender-group', 'remove', 'Legal desk'];
  expect(await signetCommand(signet, remove)).toMatchObject({ code: 2, stderr: expect.stringContaining('add --yes') });
  const inUse = await signetCommand(signet, [...remove, '--yes']);
  expect(inUse).toMatchObject({ code: 1, stderr: expect.stringContaining('The mail rule “Legal” uses this group') });
  expect((await signetCommand(signet, ['Remove-TransportRule', 'Legal', '-Confirm:$false'])).code).toBe(0);
  expect(await signetCommand(signet, [...remove, '--yes'])).toMatchObject({ code: 0, stderr: 'Removed the sender group Legal desk.\n' });
  expect((await signetCommand(signet, ['sender-group', 'show', 'Legal desk'])).stderr).toContain('(not_found)');
});

test('what is wrong is said with its field, and the exit code tells whose it is', async ({ signet }) => {
  const refused = await signetCommand(signet, ['message', 'list', '--limit', '9999', '--from', 'yesterday']);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^signet: The request is not valid \(validation_failed\)\n[^]* \/limit: .+\n[^]*$/);
  expect(refused.stderr).toMatch(/ \/from: .+/);
  const asJson = await signetCommand(signet, ['message', 'show', 'nothing@acme.example', '--json']);
  expect(asJson).toMatchObject({ code: 1, stdout: '' });
  expect(JSON.parse(asJson.stderr)).toMatchObject({ code: 'not_found', status: 404 });

  expect(await signetCommand(signet, ['message', 'lst'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean list?') });
  expect(await signetCommand(signet, ['Get-OMEStatus'])).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no cmdlet') });
  const [port] = await freePorts(1);
  const away = await signetCommand(signet, ['audit', 'list'], { SIGNET_API_URL: `http://127.0.0.1:${port}`, SIGNET_API_KEY: 'sk_x' });
  expect(away).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('The API cannot be reached') });

  const config = join(signet.home, 'open.json');
  writeFileSync(config, JSON.stringify({ apiUrl: signet.apiUrl, apiKey: signet.apiKey }));
  chmodSync(config, 0o644);
  const open = await signetCommand(signet, ['audit', 'list', '--config', config]);
  expect(open).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('chmod 600') });
  expect(open.stderr).not.toContain(signet.apiKey);
});

test('completion offers nouns, verbs, values and cmdlets, to a shell that takes its script', async ({ signet }) => {
  for (const shell of ['bash', 'zsh', 'fish'])
    expect((await signetCommand(signet, ['completion', shell])).stdout).toContain('signet complete --');
  expect((await signetCommand(signet, ['complete', '--', 'message', ''])).stdout).toMatch(/^revoke\t/m);
  expect((await signetCommand(signet, ['complete', '--', 'audit', 'list', '--operation', 'MessageA'])).stdout).toMatch(/^MessageAccess\t/m);
  expect((await signetCommand(signet, ['complete', '--', 'Set-'])).stdout).toMatch(/^Set-IRMConfiguration\t/m);
});

/** The operations of all pages, a line of JSON each. */
async function operationsOf(signet: Signet, messageId: string): Promise<string[]> {
  const { stdout } = await signetCommand(signet, ['audit', 'list', '--message', messageId, '--limit', '2', '--all', '--json']);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { operation: string }).operation);
}

/** An answer without the time at which its key was used last: asking changes it. */
function withoutUse(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer), (name, value: unknown) => (name === 'lastUsedAt' ? undefined : value));
}
