import { templateActions, type ActionKind } from '@signet/domain/mail-rule-action';
import type { ConditionKind } from '@signet/domain/mail-rule-condition';
import { bytesOf } from '../byte-size.ts';
import { readList } from '../cmdlets/values.ts';
import { UsageError } from '../failure.ts';
import { jsonOrText, type JsonObject } from '../json-in.ts';
import { readWord, textOrNull, unknownName, valueOf, type Word } from '../words.ts';

/** What stands behind a kind's `=`, and the field that it fills. */
type Form =
  | { readonly type: 'flag' }
  | { readonly type: 'text' | 'list' | 'number' | 'size'; readonly field: string }
  /** `X-Class: secret`, the header's name before the colon. */
  | { readonly type: 'header'; readonly field: string; readonly isList: boolean };

const flag: Form = { type: 'flag' };
const text = (field: string): Form => ({ type: 'text', field });
const list = (field: string): Form => ({ type: 'list', field });

const conditionForms: Readonly<Record<ConditionKind, Form>> = {
  always: flag,
  sender: list('addresses'),
  senderDomain: list('domains'),
  senderGroup: list('groups'),
  recipient: list('addresses'),
  recipientDomain: list('domains'),
  recipientInside: flag,
  recipientOutside: flag,
  subjectContains: list('words'),
  subjectOrBodyContains: list('words'),
  headerPresent: text('header'),
  headerEquals: { type: 'header', field: 'value', isList: false },
  headerContains: { type: 'header', field: 'words', isList: true },
  sensitivity: list('labels'),
  sizeAtLeast: { type: 'size', field: 'bytes' },
  attachmentNameEndsWith: list('endings'),
  attachmentNameContains: list('words'),
};

const actionForms: Readonly<Record<ActionKind, Form>> = {
  applyTemplate: text('templateName'),
  applyTemplateFromHeader: text('header'),
  setExpiry: { type: 'number', field: 'days' },
  forbidForwarding: flag,
  removeHeader: text('header'),
  reject: text('text'),
  passThrough: flag,
  passInside: flag,
};

const EXCEPTION = 'unless.';
const lists = ['conditions', 'exceptions', 'actions'] as const;
type List = (typeof lists)[number];

const names = [
  'name',
  'enabled',
  'stop',
  ...Object.keys(conditionForms),
  ...Object.keys(conditionForms).map((kind) => `${EXCEPTION}${kind}`),
  ...Object.keys(actionForms),
  ...lists,
];

/** The words for conditions, exceptions and actions, for the help. */
export const ruleWordsHelp = `
Words, of which a list has its values separated by commas, one with a comma in it in quotes ('"press release, final",offer'):
  name=<text>  enabled=true|false  stop=true|false (whether the rule ends the search; preset true)
Conditions, which must all hold; each with unless. before it is an exception:
${helpOf(conditionForms)}
Actions:
${helpOf(actionForms)}
What is named takes the place of what the rule had of that kind, and null takes it away: subjectContains=null. The lists conditions,
exceptions and actions as JSON take the place of all there is.`;

function helpOf(forms: Readonly<Record<string, Form>>): string {
  return Object.entries(forms)
    .map(([kind, form]) => `  ${kind}${exampleOf(form)}`)
    .join('\n');
}

function exampleOf(form: Form): string {
  switch (form.type) {
    case 'flag':
      return '';
    case 'header':
      return form.isList ? "='<header>: <list>'" : "='<header>: <text>'";
    case 'size':
      return '=25MB';
    case 'text':
    case 'list':
    case 'number':
      return `=<${form.field === 'templateName' ? 'template' : form.type === 'list' ? `list of ${form.field}` : form.field}>`;
    default:
      return form satisfies never;
  }
}

/** The parts of one kind that a list gets in the place of those that it has. */
interface Edit {
  readonly list: List;
  readonly kinds: readonly string[];
  readonly part: JsonObject | null;
}

/** What words make of a rule, as the fields of a request; what they do not name is not in it. */
export function ruleFromWords(before: JsonObject, words: readonly string[]): JsonObject {
  const fields: Record<string, unknown> = {};
  const edits: Edit[] = [];
  for (const word of words.map(readWord)) {
    if (word.name === 'name') fields['name'] = valueOf(word);
    else if (word.name === 'enabled' || word.name === 'stop') fields[word.name] = jsonOrText(valueOf(word));
    else if (isList(word.name)) fields[word.name] = jsonOrText(valueOf(word)) ?? [];
    else edits.push(editOf(word));
  }
  for (const name of lists) {
    const ofList = edits.filter((edit) => edit.list === name);
    if (ofList.length > 0) fields[name] = edited(fields[name] ?? before[name], ofList);
  }
  const { conditions } = fields;
  return conditions === undefined ? fields : { ...fields, conditions: asking(conditions) };
}

function isList(name: string): name is List {
  return lists.some((known) => known === name);
}

function editOf(word: Word): Edit {
  const isException = word.name.startsWith(EXCEPTION);
  const kind = isException ? word.name.slice(EXCEPTION.length) : word.name;
  const ofCondition = new Map<string, Form>(Object.entries(conditionForms)).get(kind);
  if (ofCondition !== undefined)
    return { list: isException ? 'exceptions' : 'conditions', kinds: [kind], part: partOf(kind, ofCondition, word) };
  const ofAction = isException ? undefined : new Map<string, Form>(Object.entries(actionForms)).get(kind);
  if (ofAction === undefined) unknownName('word', word.name, names);
  // A rule names one template, whichever way.
  const kinds = templateActions.some((known) => known === kind) ? templateActions : [kind];
  return { list: 'actions', kinds, part: partOf(kind, ofAction, word) };
}

/** A condition or action as the API has it; null where it is to go. */
function partOf(kind: string, form: Form, word: Word): JsonObject | null {
  if (form.type === 'flag') {
    if (word.value === undefined || word.value === 'true') return { kind };
    if (word.value === 'null' || word.value === 'false') return null;
    throw new UsageError(`${word.name} takes no value: write ${word.name}, or ${word.name}=null to take it away.`);
  }
  const written = textOrNull(valueOf(word));
  if (written === null) return null;
  switch (form.type) {
    case 'text':
      return { kind, [form.field]: written };
    case 'list':
      return { kind, [form.field]: listOf(valueOf(word)) };
    case 'number':
      return { kind, [form.field]: jsonOrText(written) };
    case 'size': {
      const bytes = bytesOf(written);
      if (bytes === undefined) throw new UsageError(`${word.name} takes a size like 25MB, not “${written}”.`);
      return { kind, [form.field]: bytes };
    }
    case 'header': {
      const at = written.indexOf(':');
      if (at === -1)
        throw new UsageError(`${word.name}: write the header’s name, a colon and what it says: ${word.name}='X-Class: secret'.`);
      const said = written.slice(at + 1).trim();
      return { kind, header: written.slice(0, at).trim(), [form.field]: form.isList ? listOf(said) : said };
    }
    default:
      return form satisfies never;
  }
}

/** `a,b`, `"a, b",c` or the same as JSON. */
function listOf(written: string): readonly string[] {
  const json = jsonOrText(written);
  const isTexts = Array.isArray(json) && json.every((item) => typeof item === 'string');
  return isTexts ? json : readList(written);
}

function edited(before: unknown, edits: readonly Edit[]): unknown[] {
  const named = edits.flatMap(({ kinds }) => kinds);
  const kept = Array.isArray(before) ? before.filter((part: unknown) => !named.includes(kindOf(part))) : [];
  return [...kept, ...edits.flatMap(({ part }) => (part === null ? [] : [part]))];
}

/** A rule without a condition counts for every message, and `always` beside another one says nothing. */
function asking(conditions: unknown): unknown {
  if (!Array.isArray(conditions)) return conditions;
  const rest = conditions.filter((condition: unknown) => kindOf(condition) !== 'always');
  return rest.length === 0 ? [{ kind: 'always' }] : rest;
}

function kindOf(part: unknown): string {
  return typeof part === 'object' && part !== null && 'kind' in part && typeof part.kind === 'string' ? part.kind : '';
}

/** What of a rule a field's pointer is about, in the words of a command line: `/actions/0/days` is `setExpiry`. */
export function wordAt(rule: JsonObject, pointer: string): string | undefined {
  const [, name = '', index = ''] = pointer.split('/');
  const parts = isList(name) ? rule[name] : undefined;
  const kind = Array.isArray(parts) ? kindOf(parts[Number(index)]) : '';
  if (kind === '') return undefined;
  return name === 'exceptions' ? `${EXCEPTION}${kind}` : kind;
}
