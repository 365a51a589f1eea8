import type { RecipientLanguage } from '@signet/domain/recipient-language';

/** The words of passcode mails. Subject and announcement begin with the code, so that a notification shows it. */
export interface PasscodeWords {
  readonly subject: (code: string, reference: string) => string;
  readonly announcement: (code: string) => string;
  readonly heading: string;
  readonly referenceLabel: string;
  readonly comparison: string;
  readonly validity: (minutes: number) => string;
  readonly warning: string;
  readonly sentFor: (organization: string) => string;
}

export const passcodeWords: { readonly [language in RecipientLanguage]: PasscodeWords } = {
  en: {
    subject: (code, reference) => `${code} is your passcode (reference ${reference})`,
    announcement: (code) => `${code} is your passcode.`,
    heading: 'Your passcode',
    referenceLabel: 'Reference',
    comparison: 'The page that asks for the passcode shows the same reference.',
    validity: (minutes) => `The passcode can be used once, within ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
    warning: 'If you did not ask for it, ignore this mail. Do not pass the passcode on: nobody will ever ask you for it.',
    sentFor: (organization) => `Sent for ${organization}`,
  },
  de: {
    subject: (code, reference) => `${code} ist Ihr Einmalcode (Referenz ${reference})`,
    announcement: (code) => `${code} ist Ihr Einmalcode.`,
    heading: 'Ihr Einmalcode',
    referenceLabel: 'Referenz',
    comparison: 'Die Seite, die nach dem Code fragt, zeigt dieselbe Referenz.',
    validity: (minutes) => `Der Code gilt einmal, innerhalb von ${minutes} ${minutes === 1 ? 'Minute' : 'Minuten'}.`,
    warning:
      'Wenn Sie ihn nicht angefordert haben, lassen Sie diese Mail unbeachtet. Geben Sie den Code nicht weiter: Niemand wird Sie je danach fragen.',
    sentFor: (organization) => `Gesendet für ${organization}`,
  },
  fr: {
    subject: (code, reference) => `${code} est votre code à usage unique (référence ${reference})`,
    announcement: (code) => `${code} est votre code à usage unique.`,
    heading: 'Votre code à usage unique',
    referenceLabel: 'Référence',
    comparison: 'La page qui demande le code affiche la même référence.',
    validity: (minutes) => `Le code est valable une seule fois, pendant ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
    warning: 'Si vous ne l’avez pas demandé, ignorez ce courriel. Ne transmettez pas le code : personne ne vous le demandera jamais.',
    sentFor: (organization) => `Envoyé pour ${organization}`,
  },
  es: {
    subject: (code, reference) => `${code} es su código de un solo uso (referencia ${reference})`,
    announcement: (code) => `${code} es su código de un solo uso.`,
    heading: 'Su código de un solo uso',
    referenceLabel: 'Referencia',
    comparison: 'La página que pide el código muestra la misma referencia.',
    validity: (minutes) => `El código sirve una sola vez, durante ${minutes} ${minutes === 1 ? 'minuto' : 'minutos'}.`,
    warning: 'Si no lo ha pedido, ignore este correo. No comparta el código: nadie se lo pedirá nunca.',
    sentFor: (organization) => `Enviado por encargo de ${organization}`,
  },
  it: {
    subject: (code, reference) => `${code} è il suo codice monouso (riferimento ${reference})`,
    announcement: (code) => `${code} è il suo codice monouso.`,
    heading: 'Il suo codice monouso',
    referenceLabel: 'Riferimento',
    comparison: 'La pagina che chiede il codice mostra lo stesso riferimento.',
    validity: (minutes) => `Il codice vale una sola volta, per ${minutes} ${minutes === 1 ? 'minuto' : 'minuti'}.`,
    warning: 'Se non l’ha richiesto, ignori questa e-mail. Non comunichi il codice ad altri: nessuno glielo chiederà mai.',
    sentFor: (organization) => `Inviato per conto di ${organization}`,
  },
  ar: {
    subject: (code, reference) => `${code} هو رمز المرور الخاص بك (المرجع ${reference})`,
    announcement: (code) => `${code} هو رمز المرور الخاص بك.`,
    heading: 'رمز المرور الخاص بك',
    referenceLabel: 'المرجع',
    comparison: 'تعرض الصفحة التي تطلب رمز المرور المرجع نفسه.',
    validity: (minutes) => `يمكن استخدام الرمز مرة واحدة خلال هذا العدد من الدقائق: ${minutes}.`,
    warning: 'إذا لم تطلبه فتجاهل هذه الرسالة. لا تعطِ الرمز لأحد: لن يطلبه منك أحد أبدًا.',
    sentFor: (organization) => `أُرسلت نيابةً عن ${organization}`,
  },
};
