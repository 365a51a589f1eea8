import { mailRuleSchema, type MailRule } from '@signet/domain/mail-rule';
import type { OrganizationScope } from './database.ts';

/** The organization's mail rules in the order in which they are evaluated. */
export async function listMailRules(scope: OrganizationScope): Promise<(MailRule & { id: string })[]> {
  const rows = await scope.prisma.mailRule.findMany({
    where: { organizationId: scope.organizationId },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
  });
  return rows.map((row) => ({ ...mailRuleSchema.parse(row.rule), enabled: row.enabled, id: row.id }));
}
