/** `invited`: has not chosen a password yet. `disabled`: kept out for now. */
export const memberStates = ['invited', 'active', 'disabled'] as const;
export type MemberState = (typeof memberStates)[number];
