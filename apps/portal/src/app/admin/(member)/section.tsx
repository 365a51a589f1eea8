import type { ReactNode } from 'react';
import { Card } from '../../../components/ui/card.tsx';

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page under its own heading. */
export function Section({ id, title, note, children }: SectionProps) {
  return (
    <section aria-labelledby={id} className="mt-6">
      <h2 id={id} className="text-base font-semibold">
        {title}
      </h2>
      {note === undefined ? null : <p className="text-sm text-quiet">{note}</p>}
      <Card className="mt-2 overflow-hidden">{children}</Card>
    </section>
  );
}
