import { brandingTemplateRoutes, type StoredTemplate } from '@signet/api-contract/branding-templates';
import { noun, verb } from '../command.ts';
import { openSession } from '../connection.ts';
import { writeFields, writeJson, writeTable } from '../output.ts';
import { labelled } from '../table.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<StoredTemplate>[] = [
  { head: 'Name', value: (template) => template.name },
  { head: 'Tracked', value: (template) => !template.isDefault },
  { head: 'Color', value: (template) => template.backgroundColor },
  { head: 'Passcode', value: (template) => template.otpEnabled },
  { head: 'Social sign-in', value: (template) => template.socialIdSignIn },
  { head: 'Expires after days', value: (template) => template.externalMailExpiryInDays || null },
];

export const templateCommand = noun('template', 'branding templates: look, texts, sign-in and expiry of messages');

verb(templateCommand, 'list', 'all branding templates').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(brandingTemplateRoutes.listBrandingTemplates);
  await (session.json ? writeJson(found) : writeTable(columns, found.items));
});

verb(templateCommand, 'show', 'one branding template')
  .argument('<name>')
  .action(async (name, options) => {
    const session = openSession(options);
    const found = await session.client.call(brandingTemplateRoutes.getBrandingTemplate, { params: { name } });
    await (session.json ? writeJson(found) : writeFields(labelled(found)));
  });
