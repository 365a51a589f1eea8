import { mailRuleSchema, type MailRule } from '@signet/domain/mail-rule';
import { newId, type OrganizationTransaction } from './database.ts';
import type { Queryable } from './queryable.ts';
import { storableJson } from './storable-text.ts';

/** A mail rule as it is kept. */
export interface StoredMailRule extends MailRule {
  readonly id: string;
  /** Its place in the order, from 0, without gaps. */
  readonly position: number;
}

/** The organization's mail rules in the order in which they are evaluated. */
export async function listMailRules(db: Queryable & { readonly organizationId: string }): Promise<StoredMailRule[]> {
  const rows = await db.query<{ id: string; rule: object; enabled: boolean }>(
    'select id, rule, enabled from mail_rule where organization_id = $1::uuid order by position, id',
    [db.organizationId],
  );
  return rows.map(({ id, rule, enabled }, position) => ({ ...mailRuleSchema.parse({ ...rule, enabled }), id, position }));
}

/** What an organization's rules may name, and its rules, held still until the transaction ends. */
export interface LockedRules {
  readonly rules: readonly StoredMailRule[];
  readonly templates: readonly string[];
  readonly senderGroups: readonly string[];
}

/**
 * Holds the organization's rules, and what they name, until the transaction ends: whoever changes rules, or takes away what a rule
 * names, asks here first, so that no rule ever names what is not there.
 */
export async function lockMailRules(tx: OrganizationTransaction): Promise<LockedRules> {
  await tx.query('select 1 from organization where id = $1::uuid for update', [tx.organizationId]);
  const named = async (table: 'branding_template' | 'sender_group') => {
    const rows = await tx.query<{ name: string }>(`select name from ${table} where organization_id = $1::uuid for share`, [
      tx.organizationId,
    ]);
    return rows.map(({ name }) => name);
  };
  return { rules: await listMailRules(tx), templates: await named('branding_template'), senderGroups: await named('sender_group') };
}

/** Adds a rule behind all others; `orderMailRules` gives it its place. @returns its id. */
export async function addMailRule(tx: OrganizationTransaction, { enabled, ...rule }: MailRule): Promise<string> {
  const id = newId();
  await tx.query(
    `insert into mail_rule (organization_id, id, position, rule, enabled)
     select $1::uuid, $2::uuid, count(*), $3::jsonb, $4 from mail_rule where organization_id = $1::uuid`,
    [tx.organizationId, id, storableJson(rule), enabled],
  );
  return id;
}

/** Gives a rule other content. */
export async function saveMailRule(tx: OrganizationTransaction, id: string, { enabled, ...rule }: MailRule): Promise<void> {
  await tx.query('update mail_rule set rule = $3::jsonb, enabled = $4 where organization_id = $1::uuid and id = $2::uuid', [
    tx.organizationId,
    id,
    storableJson(rule),
    enabled,
  ]);
}

export async function removeMailRule(tx: OrganizationTransaction, id: string): Promise<void> {
  await tx.query('delete from mail_rule where organization_id = $1::uuid and id = $2::uuid', [tx.organizationId, id]);
}

/** Puts the rules in an order, without gaps. @param ids of all of them. */
export async function orderMailRules(tx: OrganizationTransaction, ids: readonly string[]): Promise<void> {
  await tx.query(
    `update mail_rule set position = place.number - 1
     from unnest($2::uuid[]) with ordinality as place(id, number)
     where mail_rule.organization_id = $1::uuid and mail_rule.id = place.id and mail_rule.position <> place.number - 1`,
    [tx.organizationId, ids],
  );
}
