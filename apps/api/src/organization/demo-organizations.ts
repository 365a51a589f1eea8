import type { NewOrganization } from '@signet/db/organization';
import { blankTemplate, type BrandingTemplate } from '@signet/domain/branding-template';
import type { MailRule } from '@signet/domain/mail-rule';
import { plainTemplate, shippedRules } from './new-organization.ts';

const acme: BrandingTemplate = {
  ...blankTemplate('Acme'),
  backgroundColor: '#0F4C5C',
  introductionText: 'has sent you a protected message through Acme.',
  readButtonText: 'Read the message',
  emailText: 'The message stays at Acme, encrypted. Open it with a one-time passcode that we send to this address.',
  disclaimerText: 'This message is meant for its recipient alone. If you were not expecting it, tell the sender and leave it closed.',
  portalText: 'Protected mail from Acme',
};

const acmeLegal: BrandingTemplate = {
  ...acme,
  name: 'Acme Legal',
  backgroundColor: '#5F0F40',
  introductionText: 'of Acme Legal has sent you a confidential message.',
  disclaimerText: 'Privileged and confidential. The message can be read for 30 days and must not be passed on.',
  portalText: 'Acme Legal',
  externalMailExpiryInDays: 30,
  forwardingAllowed: false,
};

const globex: BrandingTemplate = {
  ...blankTemplate('Globex'),
  backgroundColor: '#8A3B12',
  introductionText: 'has sent you a protected message through Globex.',
  portalText: 'Protected mail from Globex',
};

/** Name of the header by which a sender of the demo picks a template. */
const TEMPLATE_HEADER = 'X-Signet-Template';

/** Everything that nothing else was decided for gets this template. */
function everythingGets(templateName: string): MailRule {
  return {
    name: `Everything gets ${templateName}`,
    enabled: true,
    conditions: [{ kind: 'always' }],
    exceptions: [],
    actions: [{ kind: 'applyTemplate', templateName }],
    stop: true,
  };
}

/** The demo's organizations, by their names in the seed file. Their own rules stand first and end the search; behind them is what every organization begins with. */
export const demoOrganizations = {
  acme: {
    name: 'Acme',
    domains: ['acme.example'],
    tracking: true,
    // Scripts and people sign in to the demo with the password alone, on their own machine.
    requireSecondFactor: false,
    bounceDomain: 'bounces.acme.example',
    templates: [plainTemplate, acme, acmeLegal],
    rules: [
      {
        name: 'Template of the header',
        enabled: true,
        conditions: [{ kind: 'headerPresent', header: TEMPLATE_HEADER }],
        exceptions: [],
        actions: [
          { kind: 'applyTemplateFromHeader', header: TEMPLATE_HEADER },
          { kind: 'removeHeader', header: TEMPLATE_HEADER },
        ],
        stop: true,
      },
      everythingGets('Acme'),
      ...shippedRules('Acme'),
    ],
  },
  globex: {
    name: 'Globex',
    domains: ['globex.example'],
    tracking: true,
    // Scripts and people sign in to the demo with the password alone, on their own machine.
    requireSecondFactor: false,
    bounceDomain: 'bounces.globex.example',
    templates: [plainTemplate, globex],
    rules: [everythingGets('Globex'), ...shippedRules('Globex')],
  },
} as const satisfies Record<string, Omit<NewOrganization, 'key'>>;

export type DemoOrganization = keyof typeof demoOrganizations;
