import { useTranslations } from 'next-intl';
import { Card } from '../../../../components/ui/card.tsx';

/** Where numbers and charts will be. */
export function LoadingCharts() {
  const t = useTranslations('common');
  return (
    <output className="block">
      <span className="sr-only">{t('loading')}</span>
      <div aria-hidden className="mt-4 animate-pulse">
        <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
          {['a', 'b', 'c', 'd'].map((name) => (
            <Card key={name} className="h-24 p-4">
              <div className="h-3 w-1/3 rounded bg-line" />
              <div className="mt-4 h-6 w-1/4 rounded bg-line" />
            </Card>
          ))}
        </div>
        <Card className="mt-3 h-80" />
        <div className="mt-3 grid gap-3 lg:grid-cols-2">
          <Card className="h-72" />
          <Card className="h-72" />
        </div>
      </div>
    </output>
  );
}
