import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';

/** What a rule may name. */
export async function ruleChoices(api: Client): Promise<{ templates: string[]; groups: string[] }> {
  const [templates, groups] = await Promise.all([api.call(routes.listBrandingTemplates), api.call(routes.listSenderGroups)]);
  return { templates: templates.items.map(({ name }) => name), groups: groups.items.map(({ name }) => name) };
}
