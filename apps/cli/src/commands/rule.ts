import { mailRuleRoutes } from '@signet/api-contract/mail-rules';
import type { MailRule } from '@signet/domain/mail-rule';
import { noun, verb } from '../command.ts';
import { openSession } from '../connection.ts';
import { NotDone } from '../failure.ts';
import { writeFields, writeJson, writeTable } from '../output.ts';
import { cell } from '../table.ts';
import type { Column } from '../table.ts';

type Part = MailRule['conditions' | 'exceptions' | 'actions'][number];

/** A condition or action in a line: its kind, then what it is about. */
function inShort({ kind, ...about }: Part): string {
  const values: unknown[] = Object.values(about);
  return [kind, ...values.map(cell)].join(' ');
}

const columns: readonly Column<MailRule & { readonly position: number }>[] = [
  { head: '#', value: (rule) => rule.position },
  { head: 'Name', value: (rule) => rule.name },
  { head: 'Enabled', value: (rule) => rule.enabled },
  { head: 'If all hold', value: (rule) => rule.conditions.map(inShort) },
  { head: 'Unless', value: (rule) => rule.exceptions.map(inShort) },
  { head: 'Then', value: (rule) => [...rule.actions.map(inShort), ...(rule.stop ? ['stop'] : [])] },
];

export const ruleCommand = noun('rule', 'mail rules: which template a message gets');

verb(ruleCommand, 'list', 'the mail rules in the order in which they are evaluated').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(mailRuleRoutes.listMailRules);
  const rows = found.items.map((rule, index) => ({ ...rule, position: index + 1 }));
  await (session.json ? writeJson(found) : writeTable(columns, rows));
});

verb(ruleCommand, 'show', 'one mail rule')
  .argument('<rule>', 'id or name')
  .action(async (wanted, options) => {
    const session = openSession(options);
    const { items } = await session.client.call(mailRuleRoutes.listMailRules);
    const rule = items.find(({ id, name }) => id === wanted || name === wanted);
    if (rule === undefined) throw new NotDone(`There is no mail rule ${wanted}. See signet rule list.`);
    if (session.json) return writeJson(rule);
    await writeFields([
      ['Name', rule.name],
      ['Id', rule.id],
      ['Position', items.indexOf(rule) + 1],
      ['Enabled', rule.enabled],
      ...rule.conditions.map((part): [string, unknown] => ['If', inShort(part)]),
      ...rule.exceptions.map((part): [string, unknown] => ['Unless', inShort(part)]),
      ...rule.actions.map((part): [string, unknown] => ['Then', inShort(part)]),
      ['Stop after it', rule.stop],
    ]);
  });
