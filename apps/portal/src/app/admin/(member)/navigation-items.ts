import type { Permission } from '@signet/domain/role';

/** An item's word in `admin.navigation.item`; its icon stands in navigation.tsx. */
export type NavigationName =
  | 'dashboard'
  | 'messages'
  | 'deliveries'
  | 'trail'
  | 'records'
  | 'log'
  | 'holds'
  | 'retention'
  | 'alerts'
  | 'rules'
  | 'access'
  | 'webhooks'
  | 'syslog'
  | 'templates'
  | 'settings'
  | 'members'
  | 'health'
  | 'account';

interface NavigationItem {
  readonly name: NavigationName;
  readonly href: `/admin/${string}`;
  /** What a member must be allowed to do to see it; null: every member sees it. */
  readonly needs: Permission | null;
}

/** The members' pages in the order of the navigation. */
export const navigationItems: readonly NavigationItem[] = [
  { name: 'dashboard', href: '/admin/dashboard', needs: 'messages:read' },
  { name: 'messages', href: '/admin/messages', needs: 'messages:read' },
  { name: 'deliveries', href: '/admin/deliveries', needs: 'messages:read' },
  { name: 'trail', href: '/admin/trail', needs: 'audit:read' },
  { name: 'records', href: '/admin/records', needs: 'admin:read' },
  { name: 'log', href: '/admin/log', needs: 'audit:read' },
  { name: 'holds', href: '/admin/holds', needs: 'configuration:read' },
  { name: 'retention', href: '/admin/retention', needs: 'configuration:read' },
  { name: 'alerts', href: '/admin/alerts', needs: 'audit:read' },
  { name: 'rules', href: '/admin/rules', needs: 'configuration:read' },
  { name: 'access', href: '/admin/access', needs: 'configuration:read' },
  { name: 'webhooks', href: '/admin/webhooks', needs: 'configuration:read' },
  { name: 'syslog', href: '/admin/syslog', needs: 'configuration:read' },
  { name: 'templates', href: '/admin/templates', needs: 'configuration:read' },
  { name: 'settings', href: '/admin/settings', needs: 'configuration:read' },
  { name: 'members', href: '/admin/members', needs: 'members:write' },
  { name: 'health', href: '/admin/health', needs: 'configuration:write' },
  { name: 'account', href: '/admin/account', needs: null },
];
