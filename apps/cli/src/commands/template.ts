import { brandingTemplateRoutes, type StoredTemplate } from '@signet/api-contract/branding-templates';
import { noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import type { Session } from '../connection.ts';
import { UsageError } from '../failure.ts';
import { fileIn } from '../file-in.ts';
import { asBody, jsonObjectIn, without, type JsonObject } from '../json-in.ts';
import { note, terminalWidth, writeFields, writeJson, writeTable } from '../output.ts';
import { cell, labelled } from '../table.ts';
import type { Column } from '../table.ts';
import { takeStream } from '../take-stream.ts';
import { NO_SOCIAL_SIGN_IN, differing, notSet, templateFromWords, templateWordsHelp } from '../templates/template-words.ts';

const {
  listBrandingTemplates: list,
  getBrandingTemplate: get,
  createBrandingTemplate: create,
  changeBrandingTemplate: change,
} = brandingTemplateRoutes;

const columns: readonly Column<StoredTemplate>[] = [
  { head: 'Name', value: (template) => template.name },
  { head: 'Tracked', value: (template) => !template.isDefault },
  { head: 'Color', value: (template) => template.backgroundColor },
  { head: 'Passcode', value: (template) => template.otpEnabled },
  { head: 'Social sign-in', value: (template) => template.socialIdSignIn },
  { head: 'Expires after days', value: (template) => template.externalMailExpiryInDays || null },
];

const fileHelp = 'the template as template show --json writes it, - for standard input; words change what it says';

export const templateCommand = noun('template', 'branding templates: look, texts, sign-in and expiry of messages');

verb(templateCommand, 'list', 'all branding templates').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(list);
  await (session.json ? writeJson(found) : writeTable(columns, found.items));
});

verb(templateCommand, 'show', 'one branding template')
  .argument('<name>')
  .action(async (name, options) => {
    const session = openSession(options);
    const found = await session.client.call(get, { params: { name } });
    await (session.json ? writeJson(found) : writeFields(labelled(found)));
  });

verb(templateCommand, 'create', 'make a branding template; its name is for good')
  .argument('<name>')
  .argument('[name=value...]', 'fields, as below')
  .option('--file <file>', fileHelp)
  .addHelpText('after', templateWordsHelp)
  .addHelpText(
    'after',
    "\nExample:\n  signet template create Legal backgroundColor=#336699 portalText='Legal desk' externalMailExpiryInDays=30",
  )
  .action(async (name, words, { file, ...options }) => {
    const given = file === undefined ? {} : without(jsonObjectIn(file), notSet);
    const body = { ...given, ...templateFromWords(given, words), name };
    const session = openSession(options);
    await writeTemplate(session, await session.client.call(create, { body: asBody(create, body) }), 'Made', body);
  });

verb(templateCommand, 'duplicate', 'make a branding template like another one, its picture included')
  .argument('<template>')
  .argument('<name>', 'of the new one')
  .argument('[name=value...]', 'fields that are other than in the first')
  .addHelpText('after', templateWordsHelp)
  .action(async (copyOf, name, words, options) => {
    templateFromWords({}, words);
    const session = openSession(options);
    const changes = templateFromWords(await session.client.call(get, { params: { name: copyOf } }), words);
    const body = asBody(create, { ...changes, name, copyOf });
    await writeTemplate(session, await session.client.call(create, { body }), 'Made', changes);
  });

verb(templateCommand, 'change', 'change a branding template; what is not named stays as it is')
  .argument('<template>')
  .argument('[name=value...]', 'fields, as below')
  .option('--file <file>', fileHelp)
  .addHelpText('after', templateWordsHelp)
  .addHelpText('after', '\nExamples:\n  signet template change Legal emailText=null translations.de.portalText=Rechtsdienst')
  .addHelpText('after', '  signet template show Legal --json >legal.json; edit it; signet template change Legal --file legal.json')
  .action(async (name, words, { file, ...options }) => {
    if (file === undefined && words.length === 0) throw new UsageError('Say what to change: name=value, or --file and a file.');
    const read = file === undefined ? {} : jsonObjectIn(file);
    const given = without(read, notSet);
    templateFromWords(given, words);
    const session = openSession(options);
    const now = await session.client.call(get, { params: { name } });
    const { revision = now.revision } = read;
    const body = { ...differing(given, { ...now }), ...templateFromWords({ ...now, ...given }, words) };
    // What somebody else has made of it since it was read stays.
    const request = { params: { name }, headers: { 'if-match': String(revision) }, body: asBody(change, body) };
    await writeTemplate(session, await session.client.call(change, request), 'Changed', body);
  });

verb(templateCommand, 'remove', 'remove a branding template that no rule applies; messages sent with it keep their look')
  .argument('<template>')
  .option('--yes', 'do not ask')
  .action(async (name, { yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => {
      const found = await session.client.call(get, { params: { name } });
      return [`Remove the template “${found.name}”, its texts and its picture. This cannot be undone.`];
    });
    await session.client.call(brandingTemplateRoutes.removeBrandingTemplate, { params: { name } });
    note(`Removed the template “${name}”.`);
  });

verb(templateCommand, 'preview', 'the mail with the link as the template makes it, with sample data, as HTML')
  .argument('<template>')
  .argument('[name=value...]', 'fields as they would be; nothing is saved')
  .option('--language <tag>', 'the reader’s, for what --json says of the recipient’s pages')
  .option('--text', 'the mail’s text in place of its HTML')
  .option('--output <file>', 'a file; otherwise standard output')
  .addHelpText('after', templateWordsHelp)
  .action(async (name, words, { language, text, output, ...options }) => {
    templateFromWords({}, words);
    const session = openSession(options);
    // The API draws one that is not there as a new one: a name with a slip would look like a template without anything set.
    const changes = templateFromWords(await session.client.call(get, { params: { name } }), words);
    const preview = brandingTemplateRoutes.previewBrandingTemplate;
    const drawn = await session.client.call(preview, { params: { name }, body: asBody(preview, { ...changes, language }) });
    if (session.json) return writeJson(drawn);
    for (const { detail } of drawn.warnings) note(`Warning: ${detail}`);
    await takeStream(new Response(text ? drawn.mail.text : drawn.mail.html), output);
  });

verb(templateCommand, 'history', 'who changed what of a branding template, and when, the newest first')
  .argument('<template>')
  .action(async (name, options) => {
    const session = openSession(options);
    const found = await session.client.call(brandingTemplateRoutes.getBrandingHistory, { params: { name } });
    await (session.json ? writeJson(found) : writeTable(historyColumns, found.items));
  });

const historyColumns: readonly Column<{ at: string; by: string | null; kind: string; before: JsonObject | null; after: JsonObject }>[] = [
  { head: 'Time', value: ({ at }) => at },
  { head: 'By', value: ({ by }) => by ?? 'Signet' },
  { head: 'What', value: ({ kind }) => kind },
  {
    head: 'Fields',
    value: ({ before, after }) =>
      before === null ? null : Object.entries(after).map(([field, value]) => `${field}: ${cell(before[field])} → ${cell(value)}`),
  },
];

verb(templateCommand, 'image', 'a template’s picture, byte for byte as it was uploaded')
  .argument('<template>')
  .option('--shown', 'the PNG that mails and pages show')
  .option('--output <file>', 'a file; otherwise standard output')
  .action(async (name, { shown, output, ...options }) => {
    if (output === undefined && terminalWidth() !== undefined)
      throw new UsageError('A picture is nothing for a terminal: --output and a file.');
    const query = { form: shown ? ('shown' as const) : ('original' as const) };
    const { client } = openSession(options);
    await takeStream(await client.call(brandingTemplateRoutes.getBrandingImage, { params: { name }, query }), output);
  });

verb(templateCommand, 'set-image', 'give a template a picture: PNG, JPEG, BMP, TIFF, GIF or WebP')
  .argument('<template>')
  .argument('<file>', '- for standard input')
  .action(async (name, file, options) => {
    const rawBody = new Uint8Array(fileIn(file));
    const session = openSession(options);
    const changed = await session.client.call(brandingTemplateRoutes.putBrandingImage, { params: { name }, rawBody });
    const { width = 0, height = 0 } = changed.image ?? {};
    await writeTemplate(session, changed, `Shown at ${width}×${height} is the picture of`);
  });

verb(templateCommand, 'remove-image', 'take a template’s picture away: the organization’s name stands in its place')
  .argument('<template>')
  .option('--yes', 'do not ask')
  .action(async (name, { yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => [`Take the picture of the template “${name}” away. This cannot be undone.`]);
    const changed = await session.client.call(brandingTemplateRoutes.removeBrandingImage, { params: { name } });
    await writeTemplate(session, changed, 'Took the picture away from');
  });

async function writeTemplate(session: Session, template: StoredTemplate, did: string, wanted: JsonObject = {}): Promise<void> {
  if (wanted['socialIdSignIn'] === true) note(`Warning: socialIdSignIn: ${NO_SOCIAL_SIGN_IN}`);
  if (session.json) return writeJson(template);
  note(`${did} the template “${template.name}”.`);
  for (const { pointer, detail } of template.warnings) note(`Warning: ${pointer.slice(1)}: ${detail}`);
}
