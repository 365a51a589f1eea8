import type { Route } from '@signet/api-contract/route';
import { routes, type RouteName } from '@signet/api-contract/routes';
import type { Database } from '@signet/db/database';
import { appendAdminRecord } from '@signet/db/admin-record';
import type { AdminAction } from '@signet/domain/audit/admin-record';
import { actorOf, type Administrator } from './caller.ts';

interface Act {
  readonly action: AdminAction;
  readonly kind: string;
}

/** The acts that routes stand for, as far as being refused one leaves a record: all but reads of settings. */
export const refusedActs = {
  changeConfiguration: { action: 'ConfigurationChange', kind: 'configuration' },
  createMailRule: { action: 'MailRuleCreate', kind: 'mail-rule' },
  changeMailRule: { action: 'MailRuleChange', kind: 'mail-rule' },
  removeMailRule: { action: 'MailRuleRemove', kind: 'mail-rule' },
  explainMailRules: { action: 'MailRuleExplain', kind: 'mail-rule' },
  putSenderGroup: { action: 'SenderGroupChange', kind: 'sender-group' },
  removeSenderGroup: { action: 'SenderGroupRemove', kind: 'sender-group' },
  createBrandingTemplate: { action: 'BrandingTemplateCreate', kind: 'branding-template' },
  changeBrandingTemplate: { action: 'BrandingTemplateChange', kind: 'branding-template' },
  removeBrandingTemplate: { action: 'BrandingTemplateRemove', kind: 'branding-template' },
  putBrandingImage: { action: 'BrandingTemplateChange', kind: 'branding-template' },
  removeBrandingImage: { action: 'BrandingTemplateChange', kind: 'branding-template' },
  testBrandingTemplate: { action: 'BrandingTemplateTest', kind: 'branding-template' },
  previewBrandingTemplate: { action: 'BrandingTemplatePreview', kind: 'branding-template' },
  submitMessage: { action: 'MessageSubmit', kind: 'message' },
  listMessages: { action: 'MessageSearch', kind: 'message' },
  getMessage: { action: 'MessageRead', kind: 'message' },
  changeMessage: { action: 'ExpiryChange', kind: 'message' },
  revokeMessage: { action: 'MessageRevoke', kind: 'message' },
  restoreMessage: { action: 'MessageRestore', kind: 'message' },
  resendMessage: { action: 'MessageResend', kind: 'message' },
  getMessageHistory: { action: 'MessageRead', kind: 'message' },
  getExposure: { action: 'ExposureRead', kind: 'message' },
  getStatistics: { action: 'StatisticsRead', kind: 'statistics' },
  listMissingContent: { action: 'MessageSearch', kind: 'message' },
  listOutbox: { action: 'OutboxRead', kind: 'outbox' },
  reviveOutboxRow: { action: 'OutboxRevive', kind: 'outbox' },
  checkMissingContent: { action: 'ContentCheck', kind: 'message' },
  getHealthReport: { action: 'HealthRead', kind: 'health-report' },
  reviveOutbox: { action: 'OutboxRevive', kind: 'outbox' },
  recordAuditEvents: { action: 'AuditEventRecord', kind: 'audit-log' },
  importAuditRecords: { action: 'AuditImport', kind: 'audit-import' },
  listAuditImports: { action: 'AuditImport', kind: 'audit-import' },
  getAuditImport: { action: 'AuditImport', kind: 'audit-import' },
  exportAuditEntries: { action: 'AuditExport', kind: 'audit-log' },
  readAuditFeed: { action: 'AuditFeedRead', kind: 'audit-log' },
  listAuditEntries: { action: 'AuditSearch', kind: 'audit-log' },
  getAuditEntry: { action: 'AuditSearch', kind: 'audit-entry' },
  listAdminRecords: { action: 'AdminRecordSearch', kind: 'admin-log' },
  getAdminRecord: { action: 'AdminRecordSearch', kind: 'admin-record' },
  exportAdminRecords: { action: 'AdminRecordExport', kind: 'admin-log' },
  readAdminRecordFeed: { action: 'AdminRecordFeedRead', kind: 'admin-log' },
  proveAdminRecord: { action: 'LogRead', kind: 'log' },
  listLogs: { action: 'LogRead', kind: 'log' },
  getAuditCheckpoint: { action: 'LogRead', kind: 'log' },
  getAuditTile: { action: 'LogRead', kind: 'log' },
  getAdminCheckpoint: { action: 'LogRead', kind: 'log' },
  getAdminTile: { action: 'LogRead', kind: 'log' },
  proveAuditEntry: { action: 'LogRead', kind: 'log' },
  rotateLogKey: { action: 'LogKeyRotate', kind: 'log' },
  getCheckpointDelivery: { action: 'LogRead', kind: 'log' },
  setCheckpointDelivery: { action: 'CheckpointDeliveryChange', kind: 'log' },
  claimDomain: { action: 'DomainClaim', kind: 'domain' },
  verifyDomain: { action: 'DomainVerify', kind: 'domain' },
  removeDomain: { action: 'DomainRemove', kind: 'domain' },
  createDkimKey: { action: 'DkimKeyCreate', kind: 'domain' },
  activateDkimKey: { action: 'DkimKeyActivate', kind: 'domain' },
  removeDkimKey: { action: 'DkimKeyRemove', kind: 'domain' },
  createApiKey: { action: 'ApiKeyCreate', kind: 'api-key' },
  revokeApiKey: { action: 'ApiKeyRevoke', kind: 'api-key' },
  createSmtpCredential: { action: 'SmtpCredentialCreate', kind: 'smtp-credential' },
  createSubmissionTrust: { action: 'SubmissionTrustCreate', kind: 'submission-trust' },
  revokeSubmissionTrust: { action: 'SubmissionTrustRevoke', kind: 'submission-trust' },
  createNextHop: { action: 'NextHopCreate', kind: 'next-hop' },
  changeNextHop: { action: 'NextHopChange', kind: 'next-hop' },
  removeNextHop: { action: 'NextHopRemove', kind: 'next-hop' },
  setRetention: { action: 'RetentionChange', kind: 'retention' },
  previewRetention: { action: 'RetentionChange', kind: 'retention' },
  previewAuditErasure: { action: 'AuditErase', kind: 'audit-erasure' },
  createAuditErasure: { action: 'AuditErase', kind: 'audit-erasure' },
  listAuditErasures: { action: 'AuditSearch', kind: 'audit-erasure' },
  getAuditErasure: { action: 'AuditSearch', kind: 'audit-erasure' },
  getAuditEntryErasure: { action: 'AuditSearch', kind: 'audit-entry' },
  createLegalHold: { action: 'LegalHoldCreate', kind: 'legal-hold' },
  changeLegalHold: { action: 'LegalHoldChange', kind: 'legal-hold' },
  releaseLegalHold: { action: 'LegalHoldRelease', kind: 'legal-hold' },
  createWebhook: { action: 'WebhookCreate', kind: 'webhook' },
  changeWebhook: { action: 'WebhookChange', kind: 'webhook' },
  removeWebhook: { action: 'WebhookRemove', kind: 'webhook' },
  rotateWebhookSecret: { action: 'WebhookSecretRotate', kind: 'webhook' },
  testWebhook: { action: 'WebhookTest', kind: 'webhook' },
  replayWebhook: { action: 'WebhookReplay', kind: 'webhook' },
  createSyslogDestination: { action: 'SyslogDestinationCreate', kind: 'syslog-destination' },
  changeSyslogDestination: { action: 'SyslogDestinationChange', kind: 'syslog-destination' },
  removeSyslogDestination: { action: 'SyslogDestinationRemove', kind: 'syslog-destination' },
  testSyslogDestination: { action: 'SyslogDestinationTest', kind: 'syslog-destination' },
  replaySyslogDestination: { action: 'SyslogDestinationReplay', kind: 'syslog-destination' },
  listAlerts: { action: 'AlertRead', kind: 'alert' },
  getAlertSummary: { action: 'AlertRead', kind: 'alert' },
  getAlert: { action: 'AlertRead', kind: 'alert' },
  acknowledgeAlert: { action: 'AlertAcknowledge', kind: 'alert' },
  inviteMember: { action: 'MemberInvite', kind: 'member' },
  resendInvitation: { action: 'MemberInvite', kind: 'member' },
  changeMember: { action: 'MemberChange', kind: 'member' },
  removeMember: { action: 'MemberRemove', kind: 'member' },
  sendPasswordReset: { action: 'MemberPasswordResetSend', kind: 'member' },
  resetSecondFactors: { action: 'MemberSecondFactorReset', kind: 'member' },
  endMemberSessions: { action: 'MemberSessionEnd', kind: 'member' },
  endMemberSession: { action: 'MemberSessionEnd', kind: 'member' },
  revokeSmtpCredential: { action: 'SmtpCredentialRevoke', kind: 'smtp-credential' },
} as const satisfies Partial<Record<RouteName, Act>>;

const actByName = new Map<string, Act>(Object.entries(refusedActs));
const actByRoute = new Map<Route, Act | undefined>(Object.entries(routes).map(([name, route]) => [route, actByName.get(name)]));

/** Records that somebody who is signed in tried what they may not do. What it was to be done to is not recorded: it was not looked at. */
export async function recordRefusal(database: Database, route: Route, caller: Administrator): Promise<void> {
  const act = actByRoute.get(route);
  if (!act) return;
  await database.forOrganization(caller.organizationId).transaction((tx) =>
    appendAdminRecord(tx, {
      action: act.action,
      actor: actorOf(caller),
      target: { kind: act.kind, id: null },
      status: 'Failure',
      reason: 'forbidden',
      ...caller.visitor,
    }),
  );
}
