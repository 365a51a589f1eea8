import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { classNames } from '../class-names.ts';
import { LocalTime } from '../local-time.tsx';
import { Badge } from '../ui/badge.tsx';

interface LineProps {
  readonly at: string;
  readonly what: ReactNode;
  readonly failed?: boolean;
  readonly strong?: boolean;
  readonly children: ReactNode;
}

/** One line: when, what, and around it in small print who and from where. */
export function Line({ at, what, failed = false, strong = false, children }: LineProps) {
  const t = useTranslations('admin.timeline');
  const locale = useLocale();
  return (
    <li className="grid gap-x-4 gap-y-0.5 px-4 py-3 text-sm sm:grid-cols-[11.5rem_minmax(0,1fr)]">
      <p className="text-xs text-quiet tabular-nums sm:pt-0.5">
        <LocalTime at={at} locale={locale} timeStyle="medium" />
      </p>
      <div className="min-w-0">
        <p className={classNames('flex flex-wrap items-center gap-x-2 gap-y-1 break-words', (strong || failed) && 'font-medium')}>
          <span className={classNames('min-w-0', failed && 'text-danger')}>{what}</span>
          {failed ? <Badge tone="danger">{t('failed')}</Badge> : null}
        </p>
        <div className="mt-0.5 space-y-0.5 text-xs break-words text-quiet">{children}</div>
      </div>
    </li>
  );
}
