import { z } from 'zod';
import { actor, instant, operationStatus, recordId } from './entry.ts';
import { recordText } from './record-text.ts';

/** Every administrative act that leaves an admin record, reads of the trail included. */
export const adminActions = [
  'OrganizationCreate',
  'ConfigurationChange',
  'BrandingTemplateCreate',
  'BrandingTemplateChange',
  'BrandingTemplateRemove',
  'BrandingTemplateTest',
  'BrandingTemplatePreview',
  'MailRuleCreate',
  'MailRuleChange',
  'MailRuleRemove',
  'MailRuleExplain',
  'SenderGroupCreate',
  'SenderGroupChange',
  'SenderGroupRemove',
  'DomainClaim',
  'DomainVerify',
  'DomainRemove',
  'DkimKeyCreate',
  'DkimKeyActivate',
  'DkimKeyRemove',
  'ApiKeyCreate',
  'ApiKeyRevoke',
  'SmtpCredentialCreate',
  'SmtpCredentialRevoke',
  'SubmissionTrustCreate',
  'SubmissionTrustRevoke',
  'NextHopCreate',
  'NextHopChange',
  'NextHopRemove',
  'MemberCreate',
  'MemberSignIn',
  'MemberSignOut',
  'MemberReauthenticate',
  'MemberInvite',
  'MemberInvitationAccept',
  'MemberChange',
  'MemberRemove',
  'MemberPasswordChange',
  'MemberPasswordResetSend',
  'MemberPasswordReset',
  'MemberSecondFactorReset',
  'MemberTotpEnable',
  'MemberTotpRemove',
  'MemberRecoveryCodesCreate',
  'MemberPasskeyAdd',
  'MemberPasskeyRename',
  'MemberPasskeyRemove',
  'MemberSessionEnd',
  'SenderSignIn',
  'SenderSignOut',
  'SenderNoticesChange',
  'MessageSubmit',
  'MessageRevoke',
  'MessageRestore',
  'MessageResend',
  'MessageErase',
  'ExpiryChange',
  'MessageRead',
  'MessageSearch',
  'AuditSearch',
  'AuditExport',
  'AuditFeedRead',
  'AuditEventRecord',
  'AuditImport',
  'ExposureRead',
  'AdminRecordSearch',
  'StatisticsRead',
  'OutboxRead',
  'OutboxRevive',
  'ContentCheck',
  'HealthRead',
  'LogRead',
  'LogKeyRotate',
  'LogAccept',
  'WebhookCreate',
  'WebhookChange',
  'WebhookRemove',
  'WebhookSecretRotate',
  'WebhookTest',
  'WebhookReplay',
  'WebhookDisable',
] as const;
export const adminAction = z.enum(adminActions);
export type AdminAction = z.infer<typeof adminAction>;

/**
 * One immutable record of an administrative act, refused ones and reads of the trail included, version 1. `before` and
 * `after` hold what was changed, never a secret. It lies in the admin log, a stream of its own.
 */
export const adminRecord = z.strictObject({
  id: recordId,
  version: z.literal(1),
  organizationId: recordId,
  action: adminAction,
  creationTime: instant,
  recordedAt: instant,
  actor,
  /** What it was done to: its kind in lower case (`message`, `api-key`, …) and its id or name. */
  target: z.strictObject({ kind: recordText(64), id: recordText(1000).nullable() }),
  status: operationStatus,
  /** Why it was done, as the actor said, or why it was refused. */
  reason: recordText(1000).nullable(),
  before: z.json().nullable(),
  after: z.json().nullable(),
  clientIp: recordText(64).nullable(),
  userAgent: recordText(1024).nullable(),
  logIndex: z.int().nonnegative(),
});
export type AdminRecord = z.infer<typeof adminRecord>;

/** An administrative act on its way into the admin log. */
export const adminEvent = adminRecord.omit({ logIndex: true, recordedAt: true });
export type AdminEvent = z.infer<typeof adminEvent>;
