import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { Seal } from '../../components/seal.tsx';
import { Card } from '../../components/ui/card.tsx';
import { currentMember } from './member-session.ts';
import { nextPathOf } from './next-path.ts';
import { SignInForm } from './sign-in-form.tsx';

interface SignInPageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export async function generateMetadata() {
  const t = await getTranslations('admin.signIn');
  return { title: t('title') };
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const next = nextPathOf((await searchParams)['next']);
  if ((await currentMember()) !== null) redirect(next);
  const t = await getTranslations('admin.signIn');
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-12">
      <Card className="w-full max-w-sm p-6 sm:p-8">
        <Seal className="size-9 text-primary" />
        <h1 className="mt-5 text-xl font-semibold">{t('title')}</h1>
        <p className="mt-1 text-sm text-quiet">{t('text')}</p>
        <SignInForm next={next} />
      </Card>
    </main>
  );
}
