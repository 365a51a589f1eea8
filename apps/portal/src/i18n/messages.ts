import type { RecipientLanguage } from '@signet/domain/recipient-language';
import arCommon from './ar/common.json' with { type: 'json' };
import arRecipient from './ar/recipient.json' with { type: 'json' };
import deCommon from './de/common.json' with { type: 'json' };
import deRecipient from './de/recipient.json' with { type: 'json' };
import access from './en/access.json' with { type: 'json' };
import account from './en/account.json' with { type: 'json' };
import alerts from './en/alerts.json' with { type: 'json' };
import admin from './en/admin.json' with { type: 'json' };
import common from './en/common.json' with { type: 'json' };
import custody from './en/custody.json' with { type: 'json' };
import dashboard from './en/dashboard.json' with { type: 'json' };
import deliveries from './en/deliveries.json' with { type: 'json' };
import groups from './en/groups.json' with { type: 'json' };
import health from './en/health.json' with { type: 'json' };
import imports from './en/imports.json' with { type: 'json' };
import log from './en/log.json' with { type: 'json' };
import members from './en/members.json' with { type: 'json' };
import receivers from './en/receivers.json' with { type: 'json' };
import recipient from './en/recipient.json' with { type: 'json' };
import rules from './en/rules.json' with { type: 'json' };
import sent from './en/sent.json' with { type: 'json' };
import signIn from './en/sign-in.json' with { type: 'json' };
import syslog from './en/syslog.json' with { type: 'json' };
import templates from './en/templates.json' with { type: 'json' };
import webhooks from './en/webhooks.json' with { type: 'json' };
import esCommon from './es/common.json' with { type: 'json' };
import esRecipient from './es/recipient.json' with { type: 'json' };
import frCommon from './fr/common.json' with { type: 'json' };
import frRecipient from './fr/recipient.json' with { type: 'json' };
import itCommon from './it/common.json' with { type: 'json' };
import itRecipient from './it/recipient.json' with { type: 'json' };

const en = {
  common,
  recipient,
  admin,
  signIn,
  account,
  members,
  sent,
  dashboard,
  access,
  deliveries,
  health,
  groups,
  imports,
  log,
  rules,
  templates,
  alerts,
  webhooks,
  custody,
  receivers,
  syslog,
};
export type Messages = typeof en;

/** Every text of the portal by language. Members and senders read English; a language of recipients joins by a folder of its own beside `en`. */
export const messagesOf: { readonly [language in RecipientLanguage]: Messages } = {
  en,
  de: { ...en, common: deCommon, recipient: deRecipient },
  fr: { ...en, common: frCommon, recipient: frRecipient },
  es: { ...en, common: esCommon, recipient: esRecipient },
  it: { ...en, common: itCommon, recipient: itRecipient },
  ar: { ...en, common: arCommon, recipient: arRecipient },
};
