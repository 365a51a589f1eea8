import { DEFAULT_TEMPLATE_NAME } from '@signet/domain/branding-template';
import { templateActions } from '@signet/domain/mail-rule-action';
import type { ActionKind, MailRuleAction } from '@signet/domain/mail-rule-action';
import { UsageError } from '../failure.ts';
import type { RuleValues } from './rule-conditions.ts';
import type { Parameters } from './cmdlet.ts';
import type { Properties } from './power-shell-format.ts';

const text = { type: 'String', nullable: true } as const;

/** The parameters for actions. */
export const actionParameters: Parameters = {
  ApplyOME: { type: 'Boolean' },
  ApplyRightsProtectionTemplate: text,
  ApplyRightsProtectionCustomizationTemplate: text,
  RejectMessageReasonText: text,
  RejectMessageEnhancedStatusCode: text,
  RemoveHeader: text,
};

const ENCRYPT = 'Encrypt';
const DO_NOT_FORWARD = 'Do Not Forward';
/** What Exchange says where a rule that rejects has no words of its own. */
const REJECTION = 'Delivery not authorized, message refused';

/** The actions with those that were given in the place of the ones of their kind; null takes one away. */
export function actionsFrom(before: readonly MailRuleAction[], values: RuleValues): MailRuleAction[] {
  return withRemoval(withRejection(withProtection(before, values), values), values);
}

function without(actions: readonly MailRuleAction[], ...kinds: readonly ActionKind[]): MailRuleAction[] {
  return actions.filter(({ kind }) => !kinds.includes(kind));
}

/** What is given as text; null takes away, undefined says nothing. */
function textOf(values: RuleValues, name: string): string | null | undefined {
  const value = values[name];
  return value === null || value === undefined ? value : String(value);
}

/** Encryption is a template; everything else that Exchange calls rights protection would need licences that Signet does not issue. */
function withProtection(before: readonly MailRuleAction[], values: RuleValues): MailRuleAction[] {
  const template = textOf(values, 'ApplyRightsProtectionCustomizationTemplate');
  const rights = rightsOf(values);
  if (rights === undefined && template === undefined) return [...before];
  if (rights === null) {
    if (template)
      throw new UsageError('-ApplyRightsProtectionCustomizationTemplate is how a rule encrypts, and the other parameters say not to.');
    return without(before, ...templateActions, 'forbidForwarding');
  }
  const present = before.find(({ kind }) => templateActions.includes(kind));
  if (rights === undefined && template === null && present === undefined) return [...before];
  const applied: MailRuleAction | undefined =
    template === undefined ? present : { kind: 'applyTemplate', templateName: template ?? DEFAULT_TEMPLATE_NAME };
  const forbidding = before.some(({ kind }) => kind === 'forbidForwarding');
  const forbids = rights === DO_NOT_FORWARD || (rights !== ENCRYPT && forbidding);
  return [
    applied ?? { kind: 'applyTemplate', templateName: DEFAULT_TEMPLATE_NAME },
    ...(forbids ? [{ kind: 'forbidForwarding' } as const] : []),
    ...without(before, ...templateActions, 'forbidForwarding'),
  ];
}

/** The rights that are wanted: null none, undefined as they are; `OME` to be encrypted, whatever the rest is. */
function rightsOf(values: RuleValues): typeof ENCRYPT | typeof DO_NOT_FORWARD | 'OME' | null | undefined {
  const template = textOf(values, 'ApplyRightsProtectionTemplate');
  if (template === undefined) return values['ApplyOME'] === undefined ? undefined : values['ApplyOME'] === true ? 'OME' : null;
  if (template === null) return values['ApplyOME'] === true ? 'OME' : null;
  const known = ([ENCRYPT, DO_NOT_FORWARD] as const).find((name) => name.toLowerCase() === template.toLowerCase());
  if (known !== undefined) return known;
  throw new UsageError(
    `-ApplyRightsProtectionTemplate takes Encrypt or Do Not Forward: Signet issues no usage licences, as “${template}” would need.`,
  );
}

function withRejection(before: readonly MailRuleAction[], values: RuleValues): MailRuleAction[] {
  const status = textOf(values, 'RejectMessageEnhancedStatusCode');
  if (status && status !== '5.7.1') throw new UsageError('-RejectMessageEnhancedStatusCode takes 5.7.1: this is what Signet answers.');
  const wanted = textOf(values, 'RejectMessageReasonText');
  if (wanted) return [...without(before, 'reject'), { kind: 'reject', text: wanted }];
  if (wanted === null || status === null) return without(before, 'reject');
  if (status === undefined || before.some(({ kind }) => kind === 'reject')) return [...before];
  return [...before, { kind: 'reject', text: REJECTION }];
}

function withRemoval(before: readonly MailRuleAction[], values: RuleValues): MailRuleAction[] {
  const header = textOf(values, 'RemoveHeader');
  if (header === undefined) return [...before];
  return [...without(before, 'removeHeader'), ...(header === null ? [] : [{ kind: 'removeHeader', header } as const])];
}

/** The actions as Get-TransportRule shows them; those that no transport rule has, under Signet's names. */
export function showActions(actions: readonly MailRuleAction[]): Properties {
  const encrypts = actions.some(({ kind }) => templateActions.includes(kind));
  const forbids = actions.some(({ kind }) => kind === 'forbidForwarding');
  return [
    ...(encrypts || forbids ? [['ApplyRightsProtectionTemplate', forbids ? DO_NOT_FORWARD : ENCRYPT] as const] : []),
    ...actions.flatMap((action): Properties => {
      if (action.kind === 'applyTemplate') return [['ApplyRightsProtectionCustomizationTemplate', action.templateName]];
      if (action.kind === 'applyTemplateFromHeader') return [['ApplyTemplateFromHeader', action.header]];
      if (action.kind === 'removeHeader') return [['RemoveHeader', action.header]];
      if (action.kind === 'setExpiry') return [['SetExpiry', action.days]];
      if (action.kind === 'reject') return [['RejectMessageReasonText', action.text]];
      if (action.kind === 'passThrough') return [['PassThrough', true]];
      if (action.kind === 'passInside') return [['PassInside', true]];
      return [];
    }),
  ];
}
