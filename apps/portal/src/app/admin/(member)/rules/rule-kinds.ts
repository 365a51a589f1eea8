import type { ActionKind, MailRuleAction } from '@signet/domain/mail-rule-action';
import type { ConditionKind, MailRuleCondition } from '@signet/domain/mail-rule-condition';

/** The names of a table's kinds, in its order. */
export function kindsOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table).filter((kind): kind is K => kind in table);
}

/** How one value of a condition or an action is typed: a line, a list of one a line, a number, a size, or one of what there is. */
type Box = 'line' | 'list' | 'number' | 'mebibytes' | 'template' | 'groups';

/** A box: the value's name in the rule, and how it is typed. */
interface KindField {
  readonly name:
    'words' | 'labels' | 'addresses' | 'domains' | 'groups' | 'endings' | 'bytes' | 'header' | 'value' | 'templateName' | 'days' | 'text';
  readonly box: Box;
}

const MEBIBYTE = 1024 * 1024;

/** The kinds of conditions, in the order in which they are offered, with their boxes. */
export const conditionKinds = {
  always: [],
  subjectContains: [{ name: 'words', box: 'list' }],
  subjectOrBodyContains: [{ name: 'words', box: 'list' }],
  sensitivity: [{ name: 'labels', box: 'list' }],
  sender: [{ name: 'addresses', box: 'list' }],
  senderDomain: [{ name: 'domains', box: 'list' }],
  senderGroup: [{ name: 'groups', box: 'groups' }],
  recipient: [{ name: 'addresses', box: 'list' }],
  recipientDomain: [{ name: 'domains', box: 'list' }],
  recipientInside: [],
  recipientOutside: [],
  attachmentNameEndsWith: [{ name: 'endings', box: 'list' }],
  attachmentNameContains: [{ name: 'words', box: 'list' }],
  sizeAtLeast: [{ name: 'bytes', box: 'mebibytes' }],
  headerPresent: [{ name: 'header', box: 'line' }],
  headerEquals: [
    { name: 'header', box: 'line' },
    { name: 'value', box: 'line' },
  ],
  headerContains: [
    { name: 'header', box: 'line' },
    { name: 'words', box: 'list' },
  ],
} as const satisfies Record<ConditionKind, readonly KindField[]>;

/** The kinds of actions, in the order in which they are offered, with their boxes. */
export const actionKinds = {
  applyTemplate: [{ name: 'templateName', box: 'template' }],
  applyTemplateFromHeader: [{ name: 'header', box: 'line' }],
  forbidForwarding: [],
  setExpiry: [{ name: 'days', box: 'number' }],
  removeHeader: [{ name: 'header', box: 'line' }],
  reject: [{ name: 'text', box: 'line' }],
  passInside: [],
  passThrough: [],
} as const satisfies Record<ActionKind, readonly KindField[]>;

/** A condition or an action as it is being typed: every value as the text in its box. */
export interface Draft<Kind extends string = string> {
  /** Tells it from others of the list while they come and go. */
  readonly key: number;
  readonly kind: Kind;
  readonly texts: Readonly<Record<string, string>>;
}

/** The boxes of a kind. */
export function fieldsOf(kind: string): readonly KindField[] {
  const kinds: Readonly<Record<string, readonly KindField[]>> = { ...conditionKinds, ...actionKinds };
  return kinds[kind] ?? [];
}

/** What was typed, as the rule has it. What is no number stays text, and is refused at its field. */
export function valueOf({ kind, texts }: Draft): Record<string, unknown> {
  const values = fieldsOf(kind).map(({ name, box }) => [name, typed(box, texts[name] ?? '')] as const);
  return { kind, ...Object.fromEntries(values) };
}

function typed(box: Box, text: string): unknown {
  switch (box) {
    case 'list':
    case 'groups':
      return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
    case 'number':
      return text.trim() === '' ? undefined : Number(text);
    case 'mebibytes':
      return text.trim() === '' ? undefined : Math.round(Number(text) * MEBIBYTE);
    case 'line':
    case 'template':
      return text;
    default:
      return box satisfies never;
  }
}

/** A condition or an action of a rule, as the boxes show it. */
export function draftOf(part: MailRuleCondition | MailRuleAction, key: number): Draft {
  const values: Readonly<Record<string, unknown>> = { ...part };
  const texts = fieldsOf(part.kind).map(({ name, box }) => [name, shown(box, values[name])] as const);
  return { key, kind: part.kind, texts: Object.fromEntries(texts) };
}

function shown(box: Box, value: unknown): string {
  if (Array.isArray(value)) return value.join('\n');
  return box === 'mebibytes' ? String(Number(value) / MEBIBYTE) : String(value);
}
