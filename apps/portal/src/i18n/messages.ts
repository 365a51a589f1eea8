import access from './en/access.json' with { type: 'json' };
import account from './en/account.json' with { type: 'json' };
import admin from './en/admin.json' with { type: 'json' };
import common from './en/common.json' with { type: 'json' };
import dashboard from './en/dashboard.json' with { type: 'json' };
import deliveries from './en/deliveries.json' with { type: 'json' };
import health from './en/health.json' with { type: 'json' };
import members from './en/members.json' with { type: 'json' };
import recipient from './en/recipient.json' with { type: 'json' };
import rules from './en/rules.json' with { type: 'json' };
import sent from './en/sent.json' with { type: 'json' };
import signIn from './en/sign-in.json' with { type: 'json' };
import templates from './en/templates.json' with { type: 'json' };
import type { Locale } from './locale.ts';

const en = { common, recipient, admin, signIn, account, members, sent, dashboard, access, deliveries, health, rules, templates };
export type Messages = typeof en;

/** Every text of the portal by language. A language joins by a folder of its own beside `en`. */
export const messagesOf: { readonly [locale in Locale]: Messages } = { en };
