import { setMember } from '@signet/db/organization';
import { describe, expect, test } from 'vitest';
import { addMember, askAs, openSessionOf } from '../testing/test-member.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
const key = acme.apiKey;
const templates = '/v1/branding-templates' as const;

async function make(name: string, fields: object = {}) {
  const answer = await ask(api, `POST ${templates}`, { key, body: { name, ...fields } });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}
const change = (name: string, body: object, headers: Record<string, string> = {}) =>
  ask(api, `PATCH ${templates}/${encodeURIComponent(name)}`, { key, body, headers });
const pointers = (body: Readonly<Record<string, unknown>>) =>
  ((body['errors'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);

const x = (length: number) => 'x'.repeat(length);

/** The records of an action, the newest first. */
async function recordsOf(action: string) {
  await ingestAll(api);
  const { body } = await ask(api, `GET /v1/admin-records?action=${action}&limit=500`, { key });
  return body['items'] as { target: { id: string }; status: string; reason: string | null; before: object | null; after: object | null }[];
}

describe('a field takes what lies at its limit and refuses what lies one beyond, by name', async () => {
  await make('Limits');
  test.each<[string, readonly unknown[], readonly unknown[]]>([
    ['introductionText', [null, '', x(1024), 'two\nlines'], [x(1025), 1, 'a\0b', 'half \ud800']],
    ['readButtonText', [null, x(1024)], [x(1025)]],
    ['emailText', [null, x(1024)], [x(1025)]],
    ['disclaimerText', [null, x(1024)], [x(1025)]],
    ['footerText', [null, x(1024)], [x(1025)]],
    ['portalText', [null, x(128)], [x(129)]],
    [
      'privacyStatementUrl',
      [null, 'https://acme.example/privacy', 'http://acme.example'],
      ['javascript:alert(1)', 'acme.example', 'ftp://a.b', ''],
    ],
    [
      'backgroundColor',
      [null, '#0F4C5C', '#abcdef', 'RebeccaPurple', 'red'],
      ['#abc', '#0F4C5', '#0F4C5CAA', 'transparent', 'nocolour', 'red;x', ''],
    ],
    ['externalMailExpiryInDays', [0, 1, 730], [-1, 731, 1.5, '30', null]],
    ['otpEnabled', [true], ['yes', null, false]],
    ['socialIdSignIn', [true, false], ['yes', null]],
    ['forwardingAllowed', [true, false], ['yes']],
    ['subjectShown', [true, false], ['yes']],
    ['mailLanguage', [null, 'de', 'pt-BR', 'zh-Hant-TW'], ['DE', 'no language', 'german-', 'x']],
    ['translations', [{}, { de: {} }, { de: { portalText: x(128) }, 'pt-BR': { introductionText: null } }], [[], null]],
  ])('%s', async (field, good, bad) => {
    for (const value of good) {
      const answer = await change('Limits', { [field]: value });
      expect([answer.status, answer.body[field]], JSON.stringify(value)).toEqual([200, value]);
    }
    for (const value of bad) {
      const answer = await change('Limits', { [field]: value });
      expect([answer.status, answer.body['code'], pointers(answer.body)], JSON.stringify(value)).toEqual([
        400,
        'validation_failed',
        [`/${field}`],
      ]);
    }
  });

  test.each([
    ['/translations/de/portalText', { de: { portalText: x(129) } }],
    ['/translations/de/emailText', { de: { emailText: x(1025) } }],
    ['/translations/de/name', { de: { name: 'x' } }],
    ['/translations/german!', { 'german!': {} }],
    ['/translations', Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`aa-x-${index}`, {}]))],
  ])('%s', async (pointer, translations) => {
    const answer = await change('Limits', { translations });
    expect([answer.status, pointers(answer.body)]).toEqual([400, [pointer]]);
  });

  test('name', async () => {
    for (const name of [x(64), 'A/B 100%?', 'Ärzte & Söhne', '...']) {
      const made = await make(name);
      const read = await ask(api, `GET ${templates}/${encodeURIComponent(name)}`, { key });
      expect([made['name'], read.body['name']]).toEqual([name, name]);
      expect((await ask(api, `DELETE ${templates}/${encodeURIComponent(name)}`, { key })).status).toBe(204);
    }
    for (const name of [x(65), '', '   ', '.', '..', 'two\nlines', 1, null]) {
      const answer = await ask(api, `POST ${templates}`, { key, body: { name } });
      expect([answer.status, pointers(answer.body)], String(name)).toEqual([400, ['/name']]);
    }
    expect(pointers((await change('Limits', { name: 'Other' })).body)).toEqual(['/name']);
    expect(pointers((await change('Limits', { isDefault: true, imageSha256: 'a'.repeat(64) })).body)).toEqual([
      '/isDefault',
      '/imageSha256',
    ]);
  });
});

test('a name is taken however it is written', async () => {
  await make('Sales');
  for (const name of ['Sales', 'SALES', ' sales ', 'ome configuration']) {
    const answer = await ask(api, `POST ${templates}`, { key, body: { name } });
    expect([answer.status, answer.body['code']]).toEqual([409, 'name_taken']);
  }
  expect((await ask(api, `GET ${templates}/sALES`, { key })).body['name']).toBe('Sales');
});

test('two who make the same name at once make one template', async () => {
  const answers = await Promise.all(['Twin', 'TWIN', 'twin'].map((name) => ask(api, `POST ${templates}`, { key, body: { name } })));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
});

test('what a change leaves out stays, null takes a text away, and what is so already is no change', async () => {
  const made = await make('Quiet', {
    introductionText: 'Hello',
    backgroundColor: 'navy',
    translations: { de: { introductionText: 'Hallo' } },
  });
  const changed = (await change('Quiet', { introductionText: null })).body;
  expect(changed).toMatchObject({ introductionText: null, backgroundColor: 'navy', translations: { de: { introductionText: 'Hallo' } } });
  expect(changed['revision']).not.toBe(made['revision']);
  expect((await change('Quiet', { introductionText: null, translations: { de: { introductionText: 'Hallo' } } })).body['revision']).toBe(
    changed['revision'],
  );
  const records = (await recordsOf('BrandingTemplateChange')).filter(({ target }) => target.id === 'Quiet');
  expect(records).toMatchObject([{ status: 'Success', before: { introductionText: 'Hello' }, after: { introductionText: null } }]);
});

test('the default template can be changed, never removed, and no expiry can be set on it, not even none', async () => {
  const name = 'OME Configuration';
  expect((await change(name, { portalText: 'Mail of Acme' })).body).toMatchObject({ portalText: 'Mail of Acme', isDefault: true });
  for (const externalMailExpiryInDays of [0, 1, 730]) {
    const answer = await change(name, { externalMailExpiryInDays });
    expect([answer.status, pointers(answer.body)]).toEqual([400, ['/externalMailExpiryInDays']]);
    expect(answer.text).toContain('default template');
  }
  const removal = await ask(api, `DELETE ${templates}/${encodeURIComponent(name)}`, { key });
  expect([removal.status, removal.body['code']]).toEqual([409, 'default_template']);
  expect(await recordsOf('BrandingTemplateRemove')).toContainEqual(
    expect.objectContaining({ status: 'Failure', reason: 'default_template' }),
  );
});

test('a switch that would lock recipients out is refused with the reason, and on record', async () => {
  for (const body of [{ otpEnabled: false }, { otpEnabled: false, socialIdSignIn: false }]) {
    const answer = await change('Acme', body);
    expect([answer.status, pointers(answer.body)]).toEqual([400, ['/otpEnabled']]);
    expect(answer.text).toContain('there is no way to sign in besides the passcode');
  }
  expect((await ask(api, `POST ${templates}`, { key, body: { name: 'Locked', otpEnabled: false } })).status).toBe(400);
  const refused = (await recordsOf('BrandingTemplateChange')).filter(({ status, target }) => status === 'Failure' && target.id === 'Acme');
  expect(refused.map(({ after }) => after)).toContainEqual({ otpEnabled: false });
});

test('one that a rule applies is not removed, and the answer names the rule; without the rule it goes, and its messages keep their look', async () => {
  const refused = await ask(api, `DELETE ${templates}/acme`, { key });
  expect([refused.status, refused.body['code']]).toEqual([409, 'template_in_use']);
  expect(refused.body['detail']).toContain('“Everything gets Acme”');
  expect((await ask(api, `GET ${templates}/Acme`, { key })).body['usedByRules']).toMatchObject([
    { name: 'Everything gets Acme' },
    { name: 'Secure by the subject' },
    { name: 'Secure by the sensitivity label' },
  ]);
  await make('Short-lived');
  expect((await ask(api, `DELETE ${templates}/SHORT-LIVED`, { key })).status).toBe(204);
  expect((await ask(api, `GET ${templates}/Short-lived`, { key })).status).toBe(404);
  const revisions = await api.database.system.query("select name from branding_template_revision where name = 'Short-lived'");
  expect(revisions).toHaveLength(1);
});

test('of two who change the same state one is told, and nothing of the other is lost', async () => {
  const { revision } = await make('Shared');
  const [first, second] = await Promise.all([
    change('Shared', { introductionText: 'from the first' }, { 'if-match': `"${String(revision)}"` }),
    change('Shared', { emailText: 'from the second' }, { 'if-match': String(revision) }),
  ]);
  const [taken, refused] = [first, second].toSorted((a, b) => a.status - b.status);
  expect([taken?.status, refused?.status, refused?.body['code']]).toEqual([200, 412, 'changed_meanwhile']);
  expect(refused?.body['detail']).toContain('Read the template again');
  const now = (await ask(api, `GET ${templates}/Shared`, { key })).body;
  expect([now['introductionText'], now['emailText']].filter((text) => text !== null)).toHaveLength(1);
  expect((await change('Shared', { emailText: 'again' }, { 'if-match': String(now['revision']) })).status).toBe(200);
});

test('changes to different fields at once all count', async () => {
  await make('Busy');
  const fields = ['introductionText', 'readButtonText', 'emailText', 'disclaimerText', 'portalText', 'footerText'];
  await Promise.all(fields.map((field) => change('Busy', { [field]: field })));
  expect((await ask(api, `GET ${templates}/Busy`, { key })).body).toMatchObject(Object.fromEntries(fields.map((field) => [field, field])));
});

test('a copy has everything of its original but the name and being the default, and of no other organization’s', async () => {
  const copied = await make('Acme Copy', { copyOf: 'acme legal', portalText: 'Another' });
  expect(copied).toMatchObject({ isDefault: false, externalMailExpiryInDays: 30, forwardingAllowed: false, portalText: 'Another' });
  expect((await make('Default Copy', { copyOf: 'OME Configuration' }))['isDefault']).toBe(false);
  for (const copyOf of ['Globex', 'Nothing']) {
    const answer = await ask(api, `POST ${templates}`, { key, body: { name: 'Stolen', copyOf } });
    expect([answer.status, pointers(answer.body)]).toEqual([400, ['/copyOf']]);
  }
});

test('a colour that no button can have is warned of and kept', async () => {
  expect(await make('Lemon', { backgroundColor: 'yellow' })).toMatchObject({
    backgroundColor: 'yellow',
    warnings: [{ pointer: '/backgroundColor', code: 'faint_on_light' }],
  });
  expect((await change('Lemon', { backgroundColor: '#808080' })).body['warnings']).toEqual([]);
});

test('the history says who changed what, and when, from the making on', async () => {
  await make('Chronicle', { introductionText: 'one' });
  await change('Chronicle', { introductionText: 'two', subjectShown: false });
  const member = await addMember(api, acme.organizationId, 'editor@acme.example');
  expect((await askAs(api, member, `PATCH ${templates}/Chronicle`, { introductionText: null })).status).toBe(200);
  const { body } = await ask(api, `GET ${templates}/chronicle/history`, { key });
  expect(body['items']).toMatchObject([
    { kind: 'changed', by: 'editor@acme.example', before: { introductionText: 'two' }, after: { introductionText: null } },
    { kind: 'changed', before: { introductionText: 'one', subjectShown: true }, after: { introductionText: 'two', subjectShown: false } },
    { kind: 'created', before: null, after: { name: 'Chronicle', introductionText: 'one' } },
  ]);
  await ask(api, `DELETE ${templates}/Chronicle`, { key });
  await make('Chronicle');
  expect((await ask(api, `GET ${templates}/Chronicle/history`, { key })).body['items']).toHaveLength(1);
});

test('a revision of before these fields is read with their presets', async () => {
  await make('Old');
  await api.database.forOrganization(acme.organizationId).query(
    `update branding_template_revision set content = content - 'footerText' - 'mailLanguage' - 'translations' - 'imageSha256'
     where organization_id = $1 and name = 'Old'`,
    [acme.organizationId],
  );
  expect((await ask(api, `GET ${templates}/Old`, { key })).body).toMatchObject({
    footerText: null,
    mailLanguage: null,
    translations: {},
    image: null,
  });
});

test('a preview draws what nobody has saved, in the reader’s language, and saves nothing', async () => {
  await make('Drawn', {
    introductionText: 'grüezi',
    translations: { de: { portalText: 'Für alle' }, 'de-CH': { portalText: 'Für Zürich' } },
  });
  const before = (await ask(api, `GET ${templates}/Drawn`, { key })).body;
  const draw = (body: object, name = 'Drawn') => ask(api, `POST ${templates}/${name}/preview`, { key, body });
  const portalOf = async (language: string | null) =>
    ((await draw({ language })).body['portal'] as { portalText: string | null }).portalText;
  expect(await Promise.all(['de-CH', 'de-AT', 'fr', null].map(portalOf))).toEqual(['Für Zürich', 'Für alle', null, null]);
  const drawn = await draw({
    introductionText: 'Unsaved <b>',
    externalMailExpiryInDays: 30,
    backgroundColor: 'yellow',
    mailLanguage: 'en',
  });
  expect(drawn.body).toMatchObject({
    portal: { organizationName: 'Acme', backgroundColor: 'yellow' },
    warnings: [{ code: 'faint_on_light' }],
  });
  const mail = drawn.body['mail'] as { html: string; text: string };
  expect(mail.html).toContain('Unsaved &lt;b&gt;');
  expect(mail.text).toMatch(/Unsaved <b>[^]*This message expires on/);
  expect((await draw({ mailLanguage: 'de', translations: { de: { introductionText: 'schickt Ihnen Post' } } })).text).toContain(
    'schickt Ihnen Post',
  );
  expect((await ask(api, `GET ${templates}/Drawn`, { key })).body).toEqual(before);
  // Of no template, or another organization's, it draws an empty one.
  const foreign = await draw({}, 'Globex');
  expect([foreign.status, foreign.text.includes('Globex')]).toEqual([200, true]);
  expect(foreign.body['portal'] as object).toMatchObject({ portalText: null, backgroundColor: null });
});

test('a sample goes to the member who asks and to nobody else; an API key is told why it gets none', async () => {
  const refused = await ask(api, `POST ${templates}/Acme/test`, { key });
  expect([refused.status, refused.body['detail']]).toEqual([403, expect.stringContaining('an API key has none')]);
  const member = await addMember(api, acme.organizationId, 'tester@acme.example');
  const answer = await askAs(api, member, `POST ${templates}/acme/test`);
  expect([answer.status, answer.body]).toEqual([202, { to: 'tester@acme.example' }]);
  const rows = await api.database.system.query<{ payload: { memberId: string } }>(
    "select payload from outbox where kind = 'send-template-test'",
  );
  expect(rows.map(({ payload }) => payload.memberId)).toEqual([member.id]);
  expect((await recordsOf('BrandingTemplateTest'))[0]).toMatchObject({
    status: 'Success',
    target: { id: 'Acme' },
    after: { to: 'tester@acme.example' },
  });
});

test('removing wants a recent proof of a member', async () => {
  await make('Precious');
  const id = await api.database
    .forOrganization(acme.organizationId)
    .administer((tx) => setMember(tx, { email: 'late@acme.example', role: 'admin', passwordHash: 'none' }));
  const token = await openSessionOf(api, acme.organizationId, id);
  await api.database.system.query(
    "update member_session set authenticated_at = authenticated_at - interval '16 minutes' where member_id = $1",
    [id],
  );
  expect((await askAs(api, { token }, `DELETE ${templates}/Precious`)).body['code']).toBe('reauthentication_required');
});

test('another organization has templates of the same names, and sees none of these', async () => {
  expect((await ask(api, `POST ${templates}`, { key: globex.apiKey, body: { name: 'Acme' } })).status).toBe(201);
  const { body } = await ask(api, `GET ${templates}`, { key: globex.apiKey });
  expect((body['items'] as { name: string }[]).map(({ name }) => name)).toEqual(['OME Configuration', 'Acme', 'Globex']);
});
