import { accountRoutes } from './account.ts';
import { adminRecordRoutes } from './admin-records.ts';
import { alertRoutes } from './alerts.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { auditEntryRoutes } from './audit-entries.ts';
import { auditErasureRoutes } from './audit-erasures.ts';
import { auditEventRoutes } from './audit-events.ts';
import { auditImportRoutes } from './audit-imports.ts';
import { brandingTemplateRoutes } from './branding-templates.ts';
import { checkpointDeliveryRoutes } from './checkpoint-delivery.ts';
import { configurationRoutes } from './configuration.ts';
import { healthReportRoutes } from './health-report.ts';
import { legalHoldRoutes } from './legal-holds.ts';
import { logRoutes } from './logs.ts';
import { mailRuleRoutes } from './mail-rules.ts';
import { memberLinkRoutes } from './member-links.ts';
import { memberRoutes } from './members.ts';
import { messageRoutes } from './messages.ts';
import { nextHopRoutes } from './next-hops.ts';
import { outboxRoutes } from './outbox.ts';
import { recipientRoutes } from './recipient.ts';
import { retentionRoutes } from './retention.ts';
import { senderGroupRoutes } from './sender-groups.ts';
import { sentRoutes } from './sent.ts';
import { setupRoutes } from './setup.ts';
import { sessionRoutes } from './sessions.ts';
import { domainRoutes } from './domains.ts';
import { smtpCredentialRoutes } from './smtp-credentials.ts';
import { submissionTrustRoutes } from './submission-trusts.ts';
import { statisticsRoutes } from './statistics.ts';
import { syslogDestinationRoutes } from './syslog-destinations.ts';
import { systemRoutes } from './system.ts';
import { webhookRoutes } from './webhooks.ts';

/** Every route there is, by its name, which is the operationId in OpenAPI. What is not here the api does not answer. */
export const routes = {
  ...configurationRoutes,
  ...brandingTemplateRoutes,
  ...mailRuleRoutes,
  ...senderGroupRoutes,
  ...messageRoutes,
  ...outboxRoutes,
  ...auditEntryRoutes,
  ...auditEventRoutes,
  ...auditImportRoutes,
  ...auditErasureRoutes,
  ...adminRecordRoutes,
  ...logRoutes,
  ...checkpointDeliveryRoutes,
  ...apiKeyRoutes,
  ...domainRoutes,
  ...smtpCredentialRoutes,
  ...submissionTrustRoutes,
  ...nextHopRoutes,
  ...webhookRoutes,
  ...syslogDestinationRoutes,
  ...alertRoutes,
  ...retentionRoutes,
  ...legalHoldRoutes,
  ...sessionRoutes,
  ...statisticsRoutes,
  ...accountRoutes,
  ...memberRoutes,
  ...memberLinkRoutes,
  ...sentRoutes,
  ...recipientRoutes,
  ...healthReportRoutes,
  ...setupRoutes,
  ...systemRoutes,
} as const;

export type RouteName = keyof typeof routes;
