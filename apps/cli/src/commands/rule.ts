import { ApiProblem } from '@signet/api-contract/client';
import { mailRuleRoutes, type MailRuleView } from '@signet/api-contract/mail-rules';
import { messageRoutes } from '@signet/api-contract/messages';
import type { MailRule } from '@signet/domain/mail-rule';
import { collect, noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import type { Session } from '../connection.ts';
import { NotDone, UsageError } from '../failure.ts';
import { fileIn } from '../file-in.ts';
import { asBody, jsonObjectIn, without, type JsonObject } from '../json-in.ts';
import { note, writeFields, writeJson, writeTable } from '../output.ts';
import { findRule } from '../rules/find-rule.ts';
import { ruleFromWords, ruleWordsHelp, wordAt } from '../rules/rule-words.ts';
import { decisionFields, writeExplanation } from '../rules/write-explanation.ts';
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

/** What rule show --json writes besides what can be set. */
const notSet = ['id', 'summary'];
const fileHelp = 'the rule as rule show --json writes it, - for standard input; words change what it says';
const RULE_HELP = 'id or name';
const PLACE_HELP = 'a number as rule list shows it, first or last';

export const ruleCommand = noun('rule', 'mail rules: what becomes of a message');

verb(ruleCommand, 'list', 'the mail rules in the order in which they are evaluated').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(mailRuleRoutes.listMailRules);
  const rows = found.items.map((rule, index) => ({ ...rule, position: index + 1 }));
  await (session.json ? writeJson(found) : writeTable(columns, rows));
});

verb(ruleCommand, 'show', 'one mail rule')
  .argument('<rule>', RULE_HELP)
  .action(async (wanted, options) => {
    const session = openSession(options);
    const rule = await findRule(session.client, wanted);
    if (session.json) return writeJson(rule);
    await writeFields([
      ['Name', rule.name],
      ['Id', rule.id],
      ['Position', rule.position + 1],
      ['Enabled', rule.enabled],
      ['In words', rule.summary],
      ...rule.conditions.map((part): [string, unknown] => ['If', inShort(part)]),
      ...rule.exceptions.map((part): [string, unknown] => ['Unless', inShort(part)]),
      ...rule.actions.map((part): [string, unknown] => ['Then', inShort(part)]),
      ['Stop after it', rule.stop],
    ]);
  });

verb(ruleCommand, 'create', 'add a mail rule, behind all others unless --place says where')
  .argument('<name>')
  .argument('[word...]', 'conditions, exceptions and actions, as below')
  .option('--file <file>', fileHelp)
  .option('--place <place>', PLACE_HELP)
  .addHelpText('after', ruleWordsHelp)
  .addHelpText(
    'after',
    "\nExample:\n  signet rule create Outside recipientOutside unless.senderGroup='Legal desk' applyTemplate=Acme setExpiry=30",
  )
  .action(async (name, words, { file, place, ...options }) => {
    const given = file === undefined ? {} : without(jsonObjectIn(file), notSet);
    const position = place === undefined ? {} : { position: positionOf(place) };
    const written = ruleFromWords(given, words);
    const rule = { conditions: [{ kind: 'always' }], actions: [], ...given, ...written, name: written['name'] ?? name, ...position };
    const session = openSession(options);
    const made = await naming(session, rule, () =>
      session.client.call(mailRuleRoutes.createMailRule, { body: asBody(mailRuleRoutes.createMailRule, rule) }),
    );
    await writeRule(session, made, `Made the mail rule “${made.name}”, number ${made.position + 1}.`);
  });

verb(ruleCommand, 'change', 'change a mail rule; what is not named stays as it is')
  .argument('<rule>', RULE_HELP)
  .argument('[word...]', 'conditions, exceptions and actions, as below')
  .option('--file <file>', fileHelp)
  .addHelpText('after', ruleWordsHelp)
  .addHelpText('after', '\nExamples:\n  signet rule change Outside setExpiry=7 unless.senderGroup=null')
  .addHelpText('after', '  signet rule show Outside --json >rule.json; edit it; signet rule change Outside --file rule.json')
  .action(async (wanted, words, { file, ...options }) => {
    if (file === undefined && words.length === 0) throw new UsageError('Say what to change: words, or --file and a file.');
    const given = file === undefined ? {} : without(jsonObjectIn(file), notSet);
    // Words that are none are said before anything is asked.
    ruleFromWords(given, words);
    const session = openSession(options);
    const before = await findRule(session.client, wanted);
    const body = { ...given, ...ruleFromWords({ ...before, ...given }, words) };
    const changed = await change(session, before, body);
    await writeRule(session, changed, `Changed the mail rule “${changed.name}”.`);
  });

verb(ruleCommand, 'move', 'give a mail rule another place in the order')
  .argument('<rule>', RULE_HELP)
  .argument('<place>', PLACE_HELP)
  .action(async (wanted, place, options) => {
    const position = positionOf(place);
    const session = openSession(options);
    const moved = await change(session, await findRule(session.client, wanted), { position });
    await writeRule(session, moved, `The mail rule “${moved.name}” is number ${moved.position + 1} now.`);
  });

for (const [name, enabled] of [
  ['enable', true],
  ['disable', false],
] as const) {
  verb(ruleCommand, name, `switch a mail rule ${enabled ? 'on' : 'off'}`)
    .argument('<rule>', RULE_HELP)
    .action(async (wanted, options) => {
      const session = openSession(options);
      const changed = await change(session, await findRule(session.client, wanted), { enabled });
      await writeRule(session, changed, `The mail rule “${changed.name}” is ${enabled ? 'on' : 'off'} now.`);
    });
}

verb(ruleCommand, 'remove', 'remove a mail rule; what it decided before stays as it is')
  .argument('<rule>', RULE_HELP)
  .option('--yes', 'do not ask')
  .action(async (wanted, { yes, ...options }) => {
    const session = openSession(options);
    const { id, name, summary } = await findRule(session.client, wanted);
    await confirm({ yes, reversible: false }, async () => [
      `Remove the mail rule “${name}” from what happens to messages from now on: ${summary} This cannot be undone.`,
    ]);
    await session.client.call(mailRuleRoutes.removeMailRule, { params: { id } });
    note(`Removed the mail rule “${name}”.`);
  });

verb(ruleCommand, 'explain', 'say what the mail rules would do with a message, and why; or, with --message, what they did')
  .argument('[file]', 'the mail as it would be handed in (.eml); - for standard input')
  .option('--sender <address>', 'the envelope’s sender')
  .option('--recipient <address>', 'one of the envelope’s; may be repeated', collect)
  .option('--message <id>', 'id or Message-ID of a message that is stored: what was decided about it')
  .action(async (file, { sender, recipient, message, ...options }) => {
    if ((file === undefined) === (message === undefined)) throw new UsageError('Say a file with the mail, or --message and which.');
    if (message !== undefined) {
      if (sender !== undefined || recipient !== undefined) throw new UsageError('--message has its sender and recipients already.');
      return writeDecision(openSession(options), message);
    }
    const rawBody = new Uint8Array(fileIn(file ?? '-'));
    const session = openSession(options);
    const found = await session.client.call(mailRuleRoutes.explainMailRules, { query: { sender, recipient }, rawBody });
    await (session.json ? writeJson(found) : writeExplanation(found));
  });

async function writeDecision(session: Session, message: string): Promise<void> {
  const { decision, subject, messageId } = await session.client.call(messageRoutes.getMessage, { params: { message } });
  if (session.json) return writeJson(decision);
  if (decision === null) throw new NotDone('What the mail rules decided about this message was not kept.');
  await writeFields([['Subject', subject], ['Message-ID', messageId], ...decisionFields(decision)]);
}

/** A place in the order as the API counts it, from 0. */
function positionOf(place: string): number {
  if (place === 'first') return 0;
  // What is beyond the end is behind all others; the API takes no larger number.
  if (place === 'last') return 100_000;
  if (!/^[1-9]\d{0,5}$/.test(place)) throw new UsageError(`A place is a number as rule list shows it, first or last, not “${place}”.`);
  return Number(place) - 1;
}

function change(session: Session, before: MailRuleView, body: JsonObject): Promise<MailRuleView> {
  const request = { params: { id: before.id }, body: asBody(mailRuleRoutes.changeMailRule, body) };
  return naming(session, body, () => session.client.call(mailRuleRoutes.changeMailRule, request));
}

async function writeRule(session: Session, rule: MailRuleView, said: string): Promise<void> {
  if (session.json) return writeJson(rule);
  note(said);
  note(rule.summary);
}

/** Asks, and names in what is refused the words that the fields come from. */
async function naming<Answer>({ json }: Session, rule: JsonObject, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (json || !(error instanceof ApiProblem)) throw error;
    const errors = error.errors.map(({ pointer, detail }) => {
      const word = wordAt(rule, pointer);
      return { pointer, detail: word === undefined ? detail : `${detail} (${word})` };
    });
    throw new ApiProblem({ ...error.problem, ...(errors.length === 0 ? {} : { errors }) }, error.headers);
  }
}
