import { z } from 'zod';

/** What may be done at all; a role and an API key's scopes are sets of these. */
export const permissions = [
  'configuration:read',
  'configuration:write',
  'messages:read',
  'messages:write',
  'messages:resend',
  'messages:revoke',
  'audit:read',
  'audit:write',
  'audit:erase',
  'holds:write',
  'admin:read',
  'members:write',
  'alerts:write',
] as const;
export const permission = z.enum(permissions);
export type Permission = z.infer<typeof permission>;

/** The one table of who may do what. No role and no API key reads message content. */
export const roles = {
  admin: [
    'configuration:read',
    'configuration:write',
    'messages:read',
    'messages:write',
    'messages:resend',
    'messages:revoke',
    'audit:read',
    'audit:write',
    'audit:erase',
    'holds:write',
    'admin:read',
    'members:write',
    'alerts:write',
  ],
  compliance: [
    'configuration:read',
    'messages:read',
    'messages:revoke',
    'audit:read',
    'audit:erase',
    'holds:write',
    'admin:read',
    'alerts:write',
  ],
  auditor: ['configuration:read', 'messages:read', 'audit:read', 'admin:read'],
  helpdesk: ['messages:read', 'messages:resend'],
} as const satisfies Record<string, readonly Permission[]>;

/** What a signed-in sender may do, and with their own messages alone: whose they are every statement asks besides. */
export const senderPermissions = ['messages:read', 'messages:revoke', 'audit:read'] as const satisfies readonly Permission[];

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles).filter((name): name is Role => name in roles);
export const role = z.enum(roleNames);

/** Whether a role may do something. */
export function roleMay(name: Role, wanted: Permission): boolean {
  const allowed: readonly Permission[] = roles[name];
  return allowed.includes(wanted);
}
