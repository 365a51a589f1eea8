import type { Link } from '@signet/api-contract/recipient';
import { getTranslations } from 'next-intl/server';

/**
 * The texts that the page's script shows, ready made: the browser gets no translation library. `{time}` and `{name}` are
 * filled in there.
 */
export async function textsFor({ recipientMasked }: Link) {
  const t = await getTranslations('recipient');
  return {
    prove: t('start.prove'),
    requestPasscode: t('start.requestPasscode'),
    requesting: t('start.requesting'),
    noMethod: t('start.noMethod'),
    waitText: t('start.waitText', { time: '{time}' }),
    sent: t('passcode.sent', { recipient: recipientMasked }),
    reference: t('passcode.reference'),
    referenceHint: t('passcode.referenceHint'),
    passcode: t('passcode.label'),
    openMessage: t('passcode.open'),
    openingButton: t('passcode.opening'),
    another: t('passcode.another'),
    anotherIn: t('passcode.anotherIn', { time: '{time}' }),
    spam: t('passcode.spam'),
    opening: t('closed.opening'),
    ready: t('closed.ready'),
    noSubject: t('message.noSubject'),
    from: t('message.from'),
    to: t('message.to'),
    cc: t('message.cc'),
    date: t('message.date'),
    expires: t('message.expires'),
    attachments: t('message.attachments'),
    download: t('message.download'),
    original: t('message.original'),
    originalName: t('message.originalName'),
    body: t('message.body'),
    signOut: t('message.signOut'),
    privacy: t('footer.privacy'),
    delivered: t('footer.delivered'),
  };
}

export type Texts = Awaited<ReturnType<typeof textsFor>>;
