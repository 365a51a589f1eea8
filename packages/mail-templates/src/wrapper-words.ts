import type { RecipientLanguage } from '@signet/domain/recipient-language';

/** Signet's own words in wrapper mails, where a template has none of its own. */
export interface WrapperWords {
  /** The subject of a mail that hides the message's. */
  readonly subject: (sender: string) => string;
  readonly subjectLabel: string;
  /** Goes on from the sender's name, which stands above it. */
  readonly introduction: string;
  readonly button: string;
  readonly instructions: string;
  readonly expires: (moment: string) => string;
  readonly tracked: string;
  /** How the recipient finds out whether the mail is genuine: `organization` looks the reference up. */
  readonly genuine: (reference: string, organization: string) => string;
  readonly sentFor: (organization: string) => string;
  readonly privacy: string;
}

export const wrapperWords: { readonly [language in RecipientLanguage]: WrapperWords } = {
  en: {
    subject: (sender) => `Encrypted message from ${sender}`,
    subjectLabel: 'Subject',
    introduction: 'has sent you an encrypted message.',
    button: 'Read the message',
    instructions: 'You will be asked to confirm that this address is yours. No account is needed.',
    expires: (moment) => `This message expires on ${moment}.`,
    tracked: 'The organization sees when this message is opened.',
    genuine: (reference, organization) =>
      `Reference ${reference}. If you doubt that this mail is genuine, ask ${organization} for this reference.`,
    sentFor: (organization) => `Sent for ${organization}`,
    privacy: 'Privacy statement',
  },
  de: {
    subject: (sender) => `Verschlüsselte Nachricht von ${sender}`,
    subjectLabel: 'Betreff',
    introduction: 'hat Ihnen eine verschlüsselte Nachricht gesendet.',
    button: 'Nachricht lesen',
    instructions: 'Sie werden gebeten zu bestätigen, dass diese Adresse Ihnen gehört. Ein Konto ist nicht nötig.',
    expires: (moment) => `Diese Nachricht läuft am ${moment} ab.`,
    tracked: 'Die Organisation sieht, wann diese Nachricht geöffnet wird.',
    genuine: (reference, organization) =>
      `Referenz ${reference}. Wenn Sie zweifeln, ob diese Mail echt ist, fragen Sie ${organization} nach dieser Referenz.`,
    sentFor: (organization) => `Gesendet für ${organization}`,
    privacy: 'Datenschutzerklärung',
  },
  fr: {
    subject: (sender) => `Message chiffré de ${sender}`,
    subjectLabel: 'Objet',
    introduction: 'vous a envoyé un message chiffré.',
    button: 'Lire le message',
    instructions: 'Il vous sera demandé de confirmer que cette adresse est la vôtre. Aucun compte n’est nécessaire.',
    expires: (moment) => `Ce message expire le ${moment}.`,
    tracked: 'L’organisation voit quand ce message est ouvert.',
    genuine: (reference, organization) =>
      `Référence ${reference}. Si vous doutez de l’authenticité de ce courriel, demandez cette référence à ${organization}.`,
    sentFor: (organization) => `Envoyé pour ${organization}`,
    privacy: 'Déclaration de confidentialité',
  },
  es: {
    subject: (sender) => `Mensaje cifrado de ${sender}`,
    subjectLabel: 'Asunto',
    introduction: 'le ha enviado un mensaje cifrado.',
    button: 'Leer el mensaje',
    instructions: 'Se le pedirá que confirme que esta dirección es suya. No se necesita ninguna cuenta.',
    expires: (moment) => `Este mensaje caduca el ${moment}.`,
    tracked: 'La organización ve cuándo se abre este mensaje.',
    genuine: (reference, organization) =>
      `Referencia ${reference}. Si duda de que este correo sea auténtico, pregunte a ${organization} por esta referencia.`,
    sentFor: (organization) => `Enviado por encargo de ${organization}`,
    privacy: 'Declaración de privacidad',
  },
  it: {
    subject: (sender) => `Messaggio crittografato da ${sender}`,
    subjectLabel: 'Oggetto',
    introduction: 'le ha inviato un messaggio crittografato.',
    button: 'Leggi il messaggio',
    instructions: 'Le verrà chiesto di confermare che questo indirizzo è suo. Non serve alcun account.',
    expires: (moment) => `Questo messaggio scade il ${moment}.`,
    tracked: 'L’organizzazione vede quando questo messaggio viene aperto.',
    genuine: (reference, organization) =>
      `Riferimento ${reference}. Se dubita che questa e-mail sia autentica, chieda a ${organization} di questo riferimento.`,
    sentFor: (organization) => `Inviato per conto di ${organization}`,
    privacy: 'Informativa sulla privacy',
  },
  ar: {
    subject: (sender) => `رسالة مشفّرة من ${sender}`,
    subjectLabel: 'الموضوع',
    introduction: 'أرسل إليك رسالة مشفّرة.',
    button: 'قراءة الرسالة',
    instructions: 'سيُطلب منك تأكيد أن هذا العنوان لك. لا حاجة إلى حساب.',
    expires: (moment) => `تنتهي صلاحية هذه الرسالة في ${moment}.`,
    tracked: 'ترى المؤسسة متى تُفتح هذه الرسالة.',
    genuine: (reference, organization) => `المرجع ${reference}. إذا شككت في صحة هذه الرسالة، فاسأل ${organization} عن هذا المرجع.`,
    sentFor: (organization) => `أُرسلت نيابةً عن ${organization}`,
    privacy: 'بيان الخصوصية',
  },
};
