import type { NewOrganization } from '@signet/db/organization';
import { blankTemplate, DEFAULT_TEMPLATE_NAME, type BrandingTemplate } from '@signet/domain/branding-template';
import type { MailRule } from '@signet/domain/mail-rule';

/** The default template of a new organization: nothing in it is set. */
export const plainTemplate: BrandingTemplate = { ...blankTemplate(DEFAULT_TEMPLATE_NAME), isDefault: true };

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

/** What an organization of production begins with: its domain, nothing branded, tracking off. */
export function newOrganization({ name, domain }: { name: string; domain: string }): Omit<NewOrganization, 'key'> {
  return { name, domains: [domain], tracking: false, templates: [plainTemplate], rules: shippedRules(DEFAULT_TEMPLATE_NAME) };
}
