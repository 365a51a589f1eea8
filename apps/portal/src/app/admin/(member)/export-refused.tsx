import { useTranslations } from 'next-intl';
import { Alert } from '../../../components/ui/alert.tsx';
import { exportRefusalOf } from './export-choice.ts';
import { single } from './page-address.ts';

interface ExportRefusedProps {
  readonly stream: 'audit' | 'admin';
  /** What stands behind the `?` of the page's address. */
  readonly given: Readonly<Record<string, string | string[] | undefined>>;
}

/** Says why there was no file; nothing where none was refused. */
export function ExportRefused({ stream, given }: ExportRefusedProps) {
  const t = useTranslations('log.export.refused');
  const refusal = exportRefusalOf(single(given['refused']));
  if (refusal === undefined) return null;
  return (
    <Alert tone="danger" role="alert" className="mt-4">
      {t(refusal, { stream, seconds: Number(single(given['seconds'])) || 60 })}
    </Alert>
  );
}
