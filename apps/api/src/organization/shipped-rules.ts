import type { MailRule } from '@signet/domain/mail-rule';

/** Labels by which mail systems and their users mark what is not for everybody. */
const SENSITIVE = ['Company-Confidential', 'Confidential', 'Highly Confidential', 'Restricted', 'Secret'];

/**
 * The rules that a new organization begins with: a sender who writes `[secure]` into the subject, or whose mail program marks the message
 * as sensitive, gets what they ask for whatever the organization's default is. @param templateName the template of both.
 */
export function shippedRules(templateName: string): MailRule[] {
  const rule = { enabled: true, exceptions: [], stop: true };
  const encrypt = { kind: 'applyTemplate', templateName } as const;
  return [
    {
      ...rule,
      name: 'Secure by the subject',
      conditions: [{ kind: 'subjectContains', words: ['[secure]'] }],
      actions: [encrypt],
    },
    {
      ...rule,
      name: 'Secure by the sensitivity label',
      conditions: [{ kind: 'sensitivity', labels: SENSITIVE }],
      actions: [encrypt, { kind: 'forbidForwarding' }],
    },
  ];
}
