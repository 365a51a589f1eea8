import type { ReactNode } from 'react';
import { Seal } from './seal.tsx';
import { Card } from './ui/card.tsx';

interface PageNoticeProps {
  readonly title: string;
  readonly text: string;
  /** The way forward. */
  readonly children?: ReactNode;
}

/** A page that has one thing to say. */
export function PageNotice({ title, text, children }: PageNoticeProps) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-12">
      <Card className="w-full max-w-md p-8 text-center sm:p-10">
        <Seal className="mx-auto size-9 text-primary" />
        <h1 className="mt-5 text-xl font-semibold">{title}</h1>
        <p className="mt-2 text-quiet">{text}</p>
        {children === undefined ? null : <div className="mt-6">{children}</div>}
      </Card>
    </main>
  );
}
