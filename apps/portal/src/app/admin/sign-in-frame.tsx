import type { ReactNode } from 'react';
import { Seal } from '../../components/seal.tsx';
import { Card } from '../../components/ui/card.tsx';

/** A narrow card in the middle of the page, for who is not signed in. */
export function SignInFrame({ children }: { readonly children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-12">
      <Card className="w-full max-w-sm p-6 sm:p-8">
        <Seal className="size-9 text-primary" />
        {children}
      </Card>
    </main>
  );
}
