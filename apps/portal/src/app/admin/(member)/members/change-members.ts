'use server';

import { ApiProblem } from '@signet/api-contract/client';
import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { role } from '@signet/domain/role';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

const PATH = '/admin/members';

const id = z.uuid();
const change = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('changeRole'), id, role }),
  z.strictObject({ act: z.literal('disable'), id }),
  z.strictObject({ act: z.literal('enable'), id }),
  z.strictObject({ act: z.literal('resendInvitation'), id }),
  z.strictObject({ act: z.literal('sendPasswordReset'), id }),
  z.strictObject({ act: z.literal('resetSecondFactors'), id }),
  z.strictObject({ act: z.literal('endSessions'), id }),
  z.strictObject({ act: z.literal('remove'), id }),
]);
export type MemberChange = z.infer<typeof change>;

/** Why a change of a member was refused, besides what any act is refused for; a word of `members.refused`. */
export type MemberRefusal = 'lastAdmin' | 'memberActive' | 'memberInvited' | 'memberDisabled' | 'noFactor' | 'tooMany';

/** Changes something about a member, in force when this returns null. Next refuses forms of other origins. */
export async function changeMember(given: MemberChange): Promise<MemberRefusal | ActRefusal | null> {
  const asked = change.parse(given);
  try {
    await perform(await memberApi(), asked);
  } catch (error) {
    return memberRefusalOf(error);
  }
  revalidatePath(PATH);
  return null;
}

async function perform(api: Client, asked: MemberChange): Promise<void> {
  const params = { id: asked.id };
  switch (asked.act) {
    case 'changeRole':
      await api.call(routes.changeMember, { params, body: { role: asked.role } });
      break;
    case 'disable':
    case 'enable':
      await api.call(routes.changeMember, { params, body: { disabled: asked.act === 'disable' } });
      break;
    case 'resendInvitation':
      await api.call(routes.resendInvitation, { params });
      break;
    case 'sendPasswordReset':
      await api.call(routes.sendPasswordReset, { params });
      break;
    case 'resetSecondFactors':
      await api.call(routes.resetSecondFactors, { params });
      break;
    case 'endSessions':
      await api.call(routes.endMemberSessions, { params });
      break;
    case 'remove':
      await api.call(routes.removeMember, { params });
      break;
  }
}

function memberRefusalOf(error: unknown): MemberRefusal | ActRefusal {
  if (!(error instanceof ApiProblem)) return 'away';
  if (error.code === 'last_admin') return 'lastAdmin';
  if (error.code === 'member_active') return 'memberActive';
  if (error.code === 'member_invited') return 'memberInvited';
  if (error.code === 'member_disabled') return 'memberDisabled';
  if (error.code === 'second_factor_missing') return 'noFactor';
  return error.code === 'too_many_requests' ? 'tooMany' : actRefusalOf(error);
}

const invitation = z.strictObject({ email: z.string(), role });

/** Why nobody was invited: what is wrong at the address, or what else. */
export interface InvitationRefusal {
  readonly refusal: ActRefusal | 'address' | 'memberExists' | 'tooMany';
  /** With `address`: what the api says of it, as the rest of a sentence. */
  readonly details: readonly string[];
}

/** Invites somebody by mail. */
export async function inviteMember(given: z.infer<typeof invitation>): Promise<InvitationRefusal | null> {
  try {
    await (await memberApi()).call(routes.inviteMember, { body: invitation.parse(given) });
  } catch (error) {
    const details = error instanceof ApiProblem ? error.errors.map(({ detail }) => detail) : [];
    if (!(error instanceof ApiProblem)) return { refusal: 'away', details };
    if (error.code === 'validation_failed') return { refusal: 'address', details };
    if (error.code === 'member_exists') return { refusal: 'memberExists', details };
    return { refusal: error.code === 'too_many_requests' ? 'tooMany' : actRefusalOf(error), details };
  }
  revalidatePath(PATH);
  return null;
}

/** Asks every member for a second factor, or no longer. */
export async function changeRequirement(given: boolean): Promise<ActRefusal | null> {
  try {
    await (await memberApi()).call(routes.changeConfiguration, { body: { requireSecondFactor: z.boolean().parse(given) } });
  } catch (error) {
    return actRefusalOf(error);
  }
  revalidatePath('/admin', 'layout');
  return null;
}
