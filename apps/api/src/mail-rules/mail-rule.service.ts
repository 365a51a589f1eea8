import { Injectable } from '@nestjs/common';
import type { MailRuleView, mailRuleRoutes } from '@signet/api-contract/mail-rules';
import type { BodyOf } from '@signet/api-contract/route';
import { appendAdminRecord } from '@signet/db/admin-record';
import { Database } from '@signet/db/database';
import {
  addMailRule,
  listMailRules,
  lockMailRules,
  orderMailRules,
  removeMailRule,
  saveMailRule,
  type LockedRules,
  type StoredMailRule,
} from '@signet/db/mail-rule';
import { mailRuleFaults, names, type MailRule } from '@signet/domain/mail-rule';
import { mailRuleSummary } from '@signet/domain/mail-rule-summary';
import type { Administrator } from '../authentication/caller.ts';
import { actBy, asked } from '../authentication/record-act.ts';
import { invalid, notFound, ProblemError } from '../http/problem-error.ts';

@Injectable()
export class MailRuleService {
  constructor(private readonly database: Database) {}

  async list(caller: Administrator): Promise<MailRuleView[]> {
    const rules = await listMailRules(this.database.forOrganization(caller.organizationId));
    return rules.map(view);
  }

  async read(caller: Administrator, id: string): Promise<MailRuleView> {
    const rule = (await this.list(caller)).find((one) => one.id === id);
    if (!rule) throw notFound();
    return rule;
  }

  async create(caller: Administrator, { position, ...rule }: BodyOf<typeof mailRuleRoutes.createMailRule>): Promise<MailRuleView> {
    return this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      const locked = await lockMailRules(tx);
      requireSound(rule, locked, locked.rules);
      const id = await addMailRule(tx, rule);
      const order = withRuleAt(locked.rules, id, position ?? locked.rules.length);
      await orderMailRules(tx, order);
      const created = { ...rule, id, position: order.indexOf(id) };
      const target = { kind: 'mail-rule', id };
      await appendAdminRecord(tx, { ...actBy(caller), action: 'MailRuleCreate', target, after: recorded(created) });
      return view(created);
    });
  }

  /** Changes a rule, moves it, or both, in one transaction with one record. What is so already is no change. */
  async change(caller: Administrator, id: string, change: BodyOf<typeof mailRuleRoutes.changeMailRule>): Promise<MailRuleView> {
    return this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      const locked = await lockMailRules(tx);
      const before = locked.rules.find((rule) => rule.id === id);
      if (!before) throw notFound();
      const others = locked.rules.filter((rule) => rule !== before);
      const { position = before.position } = change;
      const order = withRuleAt(others, id, position);
      const after: StoredMailRule = { ...changed(before, change), id, position: order.indexOf(id) };
      requireSound(after, locked, others);
      if (JSON.stringify(recorded(after)) === JSON.stringify(recorded(before))) return view(before);
      await saveMailRule(tx, id, contentOf(after));
      await orderMailRules(tx, order);
      await appendAdminRecord(tx, {
        ...actBy(caller),
        action: 'MailRuleChange',
        target: { kind: 'mail-rule', id },
        before: recorded(before),
        after: recorded(after),
      });
      return view(after);
    });
  }

  async remove(caller: Administrator, id: string): Promise<void> {
    await this.database.forOrganization(caller.organizationId).transaction(async (tx) => {
      const { rules } = await lockMailRules(tx);
      const before = rules.find((rule) => rule.id === id);
      if (!before) throw notFound();
      await removeMailRule(tx, id);
      const rest = rules.filter((rule) => rule !== before).map((rule) => rule.id);
      await orderMailRules(tx, rest);
      const target = { kind: 'mail-rule', id };
      await appendAdminRecord(tx, { ...actBy(caller), action: 'MailRuleRemove', target, before: recorded(before) });
    });
  }
}

/** @throws {ProblemError} for a rule that would not do what it says, or has the name of another. */
function requireSound(rule: MailRule, known: LockedRules, others: readonly StoredMailRule[]): void {
  const faults = mailRuleFaults(rule, known);
  if (faults.length > 0) throw invalid(faults);
  const taken = others.map(({ name }) => name);
  if (names(taken, rule.name)) throw new ProblemError('name_taken', { detail: `There is a mail rule “${rule.name.trim()}” already` });
}

/** Ids in their order, with one rule's at a place among the others; behind all of them where the place is beyond. */
function withRuleAt(others: readonly StoredMailRule[], id: string, position: number): string[] {
  return others.map((rule) => rule.id).toSpliced(position, 0, id);
}

/** A rule with what a change says; what it leaves out stays. */
function changed(before: MailRule, change: Partial<{ [field in keyof MailRule]: MailRule[field] | undefined }>): MailRule {
  return {
    name: change.name ?? before.name,
    enabled: change.enabled ?? before.enabled,
    conditions: change.conditions ?? before.conditions,
    exceptions: change.exceptions ?? before.exceptions,
    actions: change.actions ?? before.actions,
    stop: change.stop ?? before.stop,
  };
}

function contentOf({ name, enabled, conditions, exceptions, actions, stop }: MailRule): MailRule {
  return { name, enabled, conditions, exceptions, actions, stop };
}

function recorded(rule: StoredMailRule) {
  return asked({ ...contentOf(rule), position: rule.position });
}

function view(rule: StoredMailRule): MailRuleView {
  return { ...rule, summary: mailRuleSummary(rule) };
}
