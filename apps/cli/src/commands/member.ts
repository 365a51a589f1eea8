import { Option } from '@commander-js/extra-typings';
import { memberRoutes } from '@signet/api-contract/members';
import type { OrganizationMember } from '@signet/api-contract/members';
import type { MemberSession } from '@signet/api-contract/sessions';
import { roleNames } from '@signet/domain/role';
import { noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import type { Session } from '../connection.ts';
import { NotDone, UsageError } from '../failure.ts';
import { note, writeJson, writeTable } from '../output.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<OrganizationMember>[] = [
  { head: 'Email', value: (member) => member.email },
  { head: 'Role', value: (member) => member.role },
  { head: 'State', value: (member) => member.state },
  { head: 'Last sign-in', value: (member) => member.lastSignInAt },
  { head: 'Invited until', value: (member) => member.invitationExpiresAt },
  { head: 'Authenticator', value: (member) => member.secondFactors.totp },
  { head: 'Passkeys', value: (member) => member.secondFactors.passkeys },
  { head: 'Id', value: (member) => member.id },
];

const MEMBER = 'address or id';

/** The parameter that names a member, whom people know by the address. */
async function memberParams({ client }: Session, wanted: string): Promise<{ id: string }> {
  if (!wanted.includes('@')) return { id: wanted };
  const { items } = await client.call(memberRoutes.listMembers);
  const found = items.find(({ email }) => email.toLowerCase() === wanted.toLowerCase());
  if (found === undefined) throw new NotDone(`There is no member ${wanted}. See signet member list.`);
  return { id: found.id };
}

async function writeMember(session: Session, member: OrganizationMember): Promise<void> {
  await (session.json ? writeJson(member) : writeTable(columns, [member]));
}

export const memberCommand = noun('member', 'who may administer the organization');

verb(memberCommand, 'list', 'the members, by address').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(memberRoutes.listMembers);
  await (session.json ? writeJson(found) : writeTable(columns, found.items));
});

verb(memberCommand, 'invite', 'invite somebody by mail')
  .argument('<email>')
  .addOption(new Option('--role <role>').choices(roleNames).makeOptionMandatory())
  .action(async (email, { role, ...options }) => {
    const session = openSession(options);
    await writeMember(session, await session.client.call(memberRoutes.inviteMember, { body: { email, role } }));
  });

verb(memberCommand, 'reinvite', 'send an invitation again; the link before is void')
  .argument('<member>', MEMBER)
  .action(async (member, options) => {
    const session = openSession(options);
    const params = await memberParams(session, member);
    await writeMember(session, await session.client.call(memberRoutes.resendInvitation, { params }));
  });

verb(memberCommand, 'change', 'change a member’s role, keep them out for now, or let them in again')
  .argument('<member>', MEMBER)
  .addOption(new Option('--role <role>').choices(roleNames))
  .addOption(new Option('--disable', 'keep them out; their sessions end').conflicts('enable'))
  .option('--enable', 'let them in again')
  .action(async (member, { role, disable, enable, ...options }) => {
    if (role === undefined && !disable && !enable) throw new UsageError('Say what to change: --role, --disable or --enable.');
    const session = openSession(options);
    const params = await memberParams(session, member);
    const body = { role, disabled: disable ? true : enable ? false : undefined };
    await writeMember(session, await session.client.call(memberRoutes.changeMember, { params, body }));
  });

verb(memberCommand, 'remove', 'remove a member; what they did stays on record')
  .argument('<member>', MEMBER)
  .option('--yes', 'do not ask')
  .action(async (member, { yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => [
      `Remove the member ${member}. Their sessions end at once; they can be invited again. This cannot be undone.`,
    ]);
    await session.client.call(memberRoutes.removeMember, { params: await memberParams(session, member) });
    note(`Removed the member ${member}.`);
  });

verb(memberCommand, 'reset-password', 'send a member a link to choose another password')
  .argument('<member>', MEMBER)
  .action(async (member, options) => {
    const session = openSession(options);
    await session.client.call(memberRoutes.sendPasswordReset, { params: await memberParams(session, member) });
    note(`A link is on its way to ${member}.`);
  });

verb(memberCommand, 'reset-second-factors', 'remove a member’s authenticator app, passkeys and recovery codes')
  .argument('<member>', MEMBER)
  .option('--yes', 'do not ask')
  .action(async (member, { yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => [
      `Remove all second factors of ${member}: make sure who asks for it. Their sessions end at once. This cannot be undone.`,
    ]);
    await session.client.call(memberRoutes.resetSecondFactors, { params: await memberParams(session, member) });
    note(`Removed the second factors of ${member}.`);
  });

const sessionColumns: readonly Column<MemberSession>[] = [
  { head: 'Opened', value: ({ createdAt }) => createdAt },
  { head: 'Last seen', value: ({ lastSeenAt }) => lastSeenAt },
  { head: 'Ends', value: ({ expiresAt }) => expiresAt },
  { head: 'Address', value: ({ clientIp }) => clientIp },
  { head: 'Program', value: ({ userAgent }) => userAgent },
  { head: 'By', value: ({ factors }) => factors },
  { head: 'Id', value: ({ id }) => id },
];

verb(memberCommand, 'sessions', 'where a member is signed in, the session seen last first')
  .argument('<member>', MEMBER)
  .action(async (member, options) => {
    const session = openSession(options);
    const found = await session.client.call(memberRoutes.listMemberSessions, { params: await memberParams(session, member) });
    await (session.json ? writeJson(found) : writeTable(sessionColumns, found.items));
  });

verb(memberCommand, 'end-sessions', 'end all of a member’s sessions, or one; they can sign in again')
  .argument('<member>', MEMBER)
  .option('--session <id>', 'this one alone, as member sessions lists it')
  .option('--yes', 'do not ask')
  .action(async (member, { session: one, yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: true }, async () => [
      `End ${one === undefined ? 'all sessions' : `the session ${one}`} of ${member}. What they were about to do is lost; they can sign in again.`,
    ]);
    const { id } = await memberParams(session, member);
    if (one !== undefined) {
      await session.client.call(memberRoutes.endMemberSession, { params: { id, session: one } });
      return note(`Ended the session ${one} of ${member}.`);
    }
    const done = await session.client.call(memberRoutes.endMemberSessions, { params: { id } });
    if (session.json) return writeJson(done);
    note(`Ended ${done.ended} sessions of ${member}.`);
  });
