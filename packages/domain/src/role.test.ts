import { describe, expect, it } from 'vitest';
import { permissions, roleMay, roleNames, roles } from './role.ts';

describe('roles', () => {
  it('are four, and each has only permissions that exist, each once', () => {
    expect(roleNames).toEqual(['admin', 'compliance', 'auditor', 'helpdesk']);
    for (const name of roleNames) {
      expect(permissions).toEqual(expect.arrayContaining([...roles[name]]));
      expect(new Set(roles[name]).size).toBe(roles[name].length);
    }
  });

  it('may do what the table says and nothing beyond it', () => {
    const may = Object.fromEntries(roleNames.map((name) => [name, permissions.filter((wanted) => roleMay(name, wanted))]));
    expect(may).toEqual({
      admin: permissions,
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
    });
  });

  it('let an auditor change nothing and the helpdesk read no trail', () => {
    expect(permissions.filter((wanted) => !wanted.endsWith(':read') && roleMay('auditor', wanted))).toEqual([]);
    expect(roleMay('helpdesk', 'audit:read')).toBe(false);
  });
});
