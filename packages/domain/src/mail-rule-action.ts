import { z } from 'zod';
import { templateLimits } from './branding-template.ts';
import { headerName, ruleText } from './mail-rule-condition.ts';

/** A reply line of SMTP has 512 octets (RFC 5321, 4.5.3.1.5), codes and line end among them. */
const REJECTION_LENGTH = 400;

/**
 * One action of a mail rule.
 * - `applyTemplate`, `applyTemplateFromHeader`: which branding template the message is encrypted under; the second takes its name from
 *   the named header field.
 * - `removeHeader` takes the field out of what is stored and shown.
 * - `forbidForwarding`: no forwarding, printing or copying out, whatever the template allows.
 * - `setExpiry`: days from acceptance after which nobody opens the message; 0 takes back what an earlier rule set. The template's own
 *   expiry stays a bound: the earlier of the two counts.
 * - `reject`: the message is not taken, and the sender reads the text. It ends the search, and a rule that rejects does nothing else.
 * - `passThrough`: the message goes on to every recipient as it came, unencrypted. It ends the search, and a rule that passes messages
 *   through does nothing else.
 * - `passInside`: recipients at the organization's own domains get the message as it came; the others, what the rules say besides.
 *
 * New kinds join this union; a kind's meaning never changes.
 */
export const mailRuleActionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('applyTemplate'), templateName: ruleText }),
  z.strictObject({ kind: z.literal('applyTemplateFromHeader'), header: headerName }),
  z.strictObject({ kind: z.literal('removeHeader'), header: headerName }),
  z.strictObject({ kind: z.literal('forbidForwarding') }),
  z.strictObject({ kind: z.literal('setExpiry'), days: z.int().min(0).max(templateLimits.expiryInDays) }),
  z.strictObject({
    kind: z.literal('reject'),
    text: z
      .string()
      .min(1)
      .max(REJECTION_LENGTH)
      .regex(/^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/, 'must be one line of ASCII: it is an answer of SMTP'),
  }),
  z.strictObject({ kind: z.literal('passThrough') }),
  z.strictObject({ kind: z.literal('passInside') }),
]);

export type MailRuleAction = z.infer<typeof mailRuleActionSchema>;
export type ActionKind = MailRuleAction['kind'];

/** What a rule may say once: two of a kind would contradict each other. */
export const templateActions: readonly ActionKind[] = ['applyTemplate', 'applyTemplateFromHeader'];
/** What decides alone about a message: after it no rule is asked, and its rule does nothing else. */
export const finalActions: readonly ActionKind[] = ['reject', 'passThrough'];
