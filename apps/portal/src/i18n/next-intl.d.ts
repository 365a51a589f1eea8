import type { RecipientLanguage } from '@signet/domain/recipient-language';
import type { Messages } from './messages.ts';

declare module 'next-intl' {
  interface AppConfig {
    Locale: RecipientLanguage;
    Messages: Messages;
  }
}
