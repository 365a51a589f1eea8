import { notFound } from 'next/navigation';
import { requireMember } from '../../member-session.ts';

/** Whatever else stands under /admin is nothing, said inside the frame to members alone. */
export default async function UnknownPage({ params }: { readonly params: Promise<{ readonly rest: readonly string[] }> }) {
  await requireMember(`/admin/${(await params).rest.join('/')}`);
  notFound();
}
