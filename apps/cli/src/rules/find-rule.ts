import type { Client } from '@signet/api-contract/client';
import { mailRuleRoutes, type MailRuleView } from '@signet/api-contract/mail-rules';
import { names } from '@signet/domain/mail-rule';
import { NotDone } from '../failure.ts';

/** The mail rule of this name, in any case, or of this id. @throws {NotDone} where there is none */
export async function findRule(client: Client, wanted: string, what = 'mail rule'): Promise<MailRuleView> {
  const { items } = await client.call(mailRuleRoutes.listMailRules);
  const found = items.find(({ id, name }) => id === wanted.toLowerCase() || names([name], wanted));
  if (found === undefined) throw new NotDone(`There is no ${what} “${wanted}”. See signet rule list.`);
  return found;
}
