import { getTranslations } from 'next-intl/server';

/** What the recipient's page says besides the brand, for the preview: the members' pages have none of its texts. */
export async function sampleTexts() {
  const t = await getTranslations('recipient');
  return {
    heading: t('start.heading', { sender: 'ada.lovelace@…' }),
    prove: t('start.prove'),
    requestPasscode: t('start.requestPasscode'),
    delivered: t('footer.delivered'),
    privacy: t('footer.privacy'),
  };
}

export type SampleTexts = Awaited<ReturnType<typeof sampleTexts>>;
