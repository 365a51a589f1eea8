import { z } from 'zod';
import { recordText } from './audit/record-text.ts';
import { legible } from './legible.ts';
import type { EnvelopeFacts, MailFacts } from './mail-facts.ts';

/** A header field's name, as rules may name one. */
export const headerName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[!-9;-~]+$/, 'A header name has no blanks, colons or control characters.');
/** A text that a rule compares with. */
export const ruleText = recordText(998).regex(/\S/u, 'must not be empty');
const texts = z.array(ruleText).min(1, { error: 'must not be empty' }).max(500, { error: 'must have at most 500 entries' });

/** Bytes of a message that a rule may ask about at most. */
const LARGEST_SIZE = 1024 * 1024 * 1024;

const envelopeConditions = [
  z.strictObject({ kind: z.literal('always') }),
  z.strictObject({ kind: z.literal('headerPresent'), header: headerName }),
  z.strictObject({ kind: z.literal('headerEquals'), header: headerName, value: ruleText }),
  z.strictObject({ kind: z.literal('sender'), addresses: texts }),
  z.strictObject({ kind: z.literal('senderDomain'), domains: texts }),
  z.strictObject({ kind: z.literal('recipient'), addresses: texts }),
  z.strictObject({ kind: z.literal('recipientDomain'), domains: texts }),
  /** Inside are addresses at the organization's own domains, a subdomain being another domain; outside is everybody else. */
  z.strictObject({ kind: z.literal('recipientInside') }),
  z.strictObject({ kind: z.literal('recipientOutside') }),
  z.strictObject({ kind: z.literal('subjectContains'), words: texts }),
  /** Any field of the name counts, where `headerEquals` reads the first. */
  z.strictObject({ kind: z.literal('headerContains'), header: headerName, words: texts }),
  z.strictObject({ kind: z.literal('senderGroup'), groups: texts }),
  z.strictObject({ kind: z.literal('sensitivity'), labels: texts }),
] as const;

const contentConditions = [
  z.strictObject({ kind: z.literal('subjectOrBodyContains'), words: texts }),
  z.strictObject({ kind: z.literal('sizeAtLeast'), bytes: z.int().min(1).max(LARGEST_SIZE) }),
  z.strictObject({ kind: z.literal('attachmentNameEndsWith'), endings: texts }),
  z.strictObject({ kind: z.literal('attachmentNameContains'), words: texts }),
] as const;

/**
 * One condition of a mail rule. Texts compare without regard to case. A condition on recipients holds when at least one envelope
 * recipient fits, one on attachments when at least one name does. `always` holds for every message. New kinds are added to this
 * union; a kind's meaning never changes.
 */
export const mailRuleConditionSchema = z.discriminatedUnion('kind', [...envelopeConditions, ...contentConditions]);
const envelopeConditionSchema = z.discriminatedUnion('kind', envelopeConditions);

export type MailRuleCondition = z.infer<typeof mailRuleConditionSchema>;
type EnvelopeCondition = z.infer<typeof envelopeConditionSchema>;
export type ConditionKind = MailRuleCondition['kind'];

const contentKinds: ReadonlySet<ConditionKind> = new Set(contentConditions.map(({ shape }) => shape.kind.value));

/** Whether a condition can be looked at before the message's content is here. */
export function asksEnvelopeOnly(condition: MailRuleCondition): condition is EnvelopeCondition {
  return !contentKinds.has(condition.kind);
}

/** How a condition was found: whether it holds, and what in the message made it hold. */
export interface Look {
  /** `unknown`: it asks about content, and the message could not be parsed. */
  readonly holds: 'yes' | 'no' | 'unknown';
  readonly found: string | null;
}

const NO: Look = { holds: 'no', found: null };
const UNKNOWN: Look = { holds: 'unknown', found: null };
const found = (what: string | undefined): Look => (what === undefined ? NO : { holds: 'yes', found: what });

/** A text as the kinds of the first version compare it. */
export const folded = (value: string): string => value.trim().toLowerCase();
const domainOf = (address: string): string => folded(address.slice(address.lastIndexOf('@') + 1));

/** The value of the first field of a name, or undefined. */
export function headerValue(facts: EnvelopeFacts, header: string): string | undefined {
  return headerValues(facts, header)[0];
}

function headerValues(facts: EnvelopeFacts, header: string): string[] {
  const wanted = folded(header);
  return facts.headers.filter((field) => folded(field.name) === wanted).map(({ value }) => value.trim());
}

function oneOf(list: readonly string[], values: readonly string[], form: (value: string) => string = folded): Look {
  const wanted = new Set(list.map(folded));
  return found(values.find((value) => wanted.has(form(value))));
}

function isInside(address: string, { ownDomains }: EnvelopeFacts): boolean {
  return ownDomains.some((domain) => folded(domain) === domainOf(address));
}

/** The first of the words that one of the legible texts contains. */
function containsOne(words: readonly string[], read: readonly string[]): Look {
  return found(
    words.find((word) => {
      const wanted = legible(word);
      return read.some((text) => text.includes(wanted));
    }),
  );
}

/** A body may be long, and every rule may ask for words in it: it is made legible once for a message. */
const legibleTexts = new WeakMap<MailFacts, readonly string[]>();

function subjectAndBody(facts: MailFacts): readonly string[] {
  const known = legibleTexts.get(facts);
  if (known) return known;
  const read = [facts.subject ?? '', facts.bodyText ?? ''].map(legible);
  legibleTexts.set(facts, read);
  return read;
}

/** How a message says that it is sensitive: the field of RFC 4021, a plain label, and the labels of Microsoft Purview. */
function labelsOf(facts: EnvelopeFacts): string[] {
  const plain = [...headerValues(facts, 'Sensitivity'), ...headerValues(facts, 'X-Sensitivity-Label')];
  return [...plain, ...headerValues(facts, 'msip_labels').flatMap(purviewLabels)];
}

/** `MSIP_Label_<id>_Enabled=True; MSIP_Label_<id>_Name=Confidential; …`: names and ids of the labels that are not switched off. */
function purviewLabels(value: string): string[] {
  const labels = new Map<string, Map<string, string>>();
  for (const pair of value.split(';')) {
    const [, id, property, content] = /^\s*MSIP_Label_([0-9a-f-]+)_(\w+)\s*=(.*)$/is.exec(pair) ?? [];
    if (id === undefined || property === undefined || content === undefined) continue;
    const label = labels.get(folded(id)) ?? new Map<string, string>();
    labels.set(folded(id), label.set(folded(property), content.trim()));
  }
  return [...labels].flatMap(([id, label]) => {
    if (folded(label.get('enabled') ?? 'true') === 'false') return [];
    const name = label.get('name');
    return name === undefined ? [id] : [name, id];
  });
}

/** Looks whether a condition holds that asks nothing of the content. */
export function lookAtEnvelope(condition: EnvelopeCondition, facts: EnvelopeFacts): Look {
  switch (condition.kind) {
    case 'always':
      return { holds: 'yes', found: null };
    case 'headerPresent':
      return found(headerValue(facts, condition.header));
    case 'headerEquals': {
      const value = headerValue(facts, condition.header);
      return value !== undefined && folded(value) === folded(condition.value) ? found(value) : NO;
    }
    case 'headerContains':
      return containsOne(condition.words, headerValues(facts, condition.header).map(legible));
    case 'sender':
      return oneOf(condition.addresses, [facts.sender]);
    case 'senderDomain':
      return oneOf(condition.domains, [facts.sender], domainOf);
    case 'senderGroup':
      return oneOf(condition.groups, facts.senderGroups);
    case 'recipient':
      return oneOf(condition.addresses, facts.recipients);
    case 'recipientDomain':
      return oneOf(condition.domains, facts.recipients, domainOf);
    case 'recipientInside':
      return found(facts.recipients.find((address) => isInside(address, facts)));
    case 'recipientOutside':
      return found(facts.recipients.find((address) => !isInside(address, facts)));
    case 'subjectContains':
      return found(condition.words.find((word) => folded(facts.subject ?? '').includes(folded(word))));
    case 'sensitivity':
      return oneOf(condition.labels, labelsOf(facts));
    default:
      return condition satisfies never;
  }
}

/** Looks whether a condition holds. */
export function lookAt(condition: MailRuleCondition, facts: MailFacts): Look {
  if (asksEnvelopeOnly(condition)) return lookAtEnvelope(condition, facts);
  switch (condition.kind) {
    case 'subjectOrBodyContains': {
      const known = containsOne(condition.words, subjectAndBody(facts));
      return known.holds === 'no' && facts.bodyText === null ? UNKNOWN : known;
    }
    case 'sizeAtLeast':
      return facts.size >= condition.bytes ? found(`${facts.size} bytes`) : NO;
    case 'attachmentNameEndsWith':
      return nameThat(facts, (name) => condition.endings.some((ending) => legible(name).endsWith(legible(ending))));
    case 'attachmentNameContains':
      return nameThat(facts, (name) => condition.words.some((word) => legible(name).includes(legible(word))));
    default:
      return condition satisfies never;
  }
}

function nameThat({ attachmentNames }: MailFacts, fits: (name: string) => boolean): Look {
  return attachmentNames === null ? UNKNOWN : found(attachmentNames.find(fits));
}
