import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { namesSenderGroup } from '@signet/domain/mail-rule';

/** What tells the names of the rules that ask about a group, in their order. */
export async function rulesAbout(api: Client): Promise<(group: string) => string[]> {
  const { items } = await api.call(routes.listMailRules);
  return (group) => items.filter((rule) => namesSenderGroup(rule, group)).map(({ name }) => name);
}
