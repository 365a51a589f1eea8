import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { ParserPool } from '@signet/intake/parser-pool';
import { Database } from '@signet/db/database';
import { Vault } from '@signet/vault/vault';
import type { Logger } from 'pino';
import { AccountController } from './account/account.controller.ts';
import { AccountService } from './account/account.service.ts';
import { AuthenticatorAppService } from './account/authenticator-app.service.ts';
import { PasskeyService } from './account/passkey.service.ts';
import { AdminRecordController } from './admin-records/admin-record.controller.ts';
import { AlertController } from './alerts/alert.controller.ts';
import { AdminRecordExportController } from './admin-records/admin-record-export.controller.ts';
import { AdminRecordExportService } from './admin-records/admin-record-export.service.ts';
import { ApiKeyController } from './api-keys/api-key.controller.ts';
import { AuditEntryController } from './audit-entries/audit-entry.controller.ts';
import { AuditExportController } from './audit-entries/audit-export.controller.ts';
import { AuditFeedController } from './audit-entries/audit-feed.controller.ts';
import { AuditExportService } from './audit-entries/audit-export.service.ts';
import { AuditEventController } from './audit-events/audit-event.controller.ts';
import { AuditImportController } from './audit-imports/audit-import.controller.ts';
import { AuditImportService } from './audit-imports/audit-import.service.ts';
import { BrandingTemplateController } from './branding-templates/branding-template.controller.ts';
import { BrandingImageController } from './branding-templates/branding-image.controller.ts';
import { BrandingPreviewService } from './branding-templates/branding-preview.service.ts';
import { BrandingTemplateService } from './branding-templates/branding-template.service.ts';
import { ConfigurationController } from './configuration/configuration.controller.ts';
import { ConfigurationService } from './configuration/configuration.service.ts';
import { LogController } from './logs/log.controller.ts';
import { LogService } from './logs/log.service.ts';
import { MailRuleController } from './mail-rules/mail-rule.controller.ts';
import { MailRuleService } from './mail-rules/mail-rule.service.ts';
import { MemberLinkController } from './member-links/member-link.controller.ts';
import { MemberLinkService } from './members/member-link.service.ts';
import { MemberService } from './members/member.service.ts';
import { MemberController } from './members/member.controller.ts';
import { MessageController } from './messages/message.controller.ts';
import { MessageHistoryService } from './messages/message-history.service.ts';
import { NextHopController } from './next-hops/next-hop.controller.ts';
import { NextHopService } from './next-hops/next-hop.service.ts';
import { OutboxController } from './outbox/outbox.controller.ts';
import { MessageService } from './messages/message.service.ts';
import { SubmissionService } from './messages/submission.service.ts';
import { ReauthenticationService } from './sessions/reauthentication.service.ts';
import { SecondFactorService } from './sessions/second-factor.service.ts';
import { SessionListController } from './sessions/session-list.controller.ts';
import { SessionController } from './sessions/session.controller.ts';
import { SessionService } from './sessions/session.service.ts';
import { SenderGroupController } from './sender-groups/sender-group.controller.ts';
import { SentController } from './sent/sent.controller.ts';
import { SenderSessionService } from './sent/sender-session.service.ts';
import { DomainController } from './domains/domain.controller.ts';
import { DomainService } from './domains/domain.service.ts';
import { NameService } from './domains/name-service.ts';
import { SetupController } from './setup/setup.controller.ts';
import { SetupService } from './setup/setup.service.ts';
import { SmtpCredentialController } from './smtp-credentials/smtp-credential.controller.ts';
import { SubmissionTrustController } from './submission-trusts/submission-trust.controller.ts';
import { StatisticsController } from './statistics/statistics.controller.ts';
import { Admission } from './authentication/admission.ts';
import { AuthenticationGuard } from './authentication/authentication.guard.ts';
import { API_DESCRIPTION, type ApiDescription } from './documentation/documentation.ts';
import { DoctorController } from './doctor/doctor.controller.ts';
import { DoctorService } from './doctor/doctor.service.ts';
import { DocumentationController } from './documentation/documentation.controller.ts';
import type { Settings } from './env.ts';
import { HealthController } from './health/health.controller.ts';
import { ReadinessCheck } from './health/readiness.ts';
import { AnswerInterceptor } from './http/answer.interceptor.ts';
import { SchemaRequiredPipe } from './http/schema-required.pipe.ts';
import { Metrics } from './metrics.ts';
import { RecipientModule } from './recipient/recipient.module.ts';
import { CheckpointDeliveryController } from './logs/checkpoint-delivery.controller.ts';
import { CheckpointDeliveryService } from './logs/checkpoint-delivery.service.ts';
import { LOGGER, SETTINGS } from './settings.ts';
import { SyslogDestinationController } from './syslog/syslog-destination.controller.ts';
import { SyslogDestinationService } from './syslog/syslog-destination.service.ts';
import { AuditErasureController } from './audit-erasures/audit-erasure.controller.ts';
import { AuditErasureService } from './audit-erasures/audit-erasure.service.ts';
import { LegalHoldController } from './legal-holds/legal-hold.controller.ts';
import { RetentionController } from './retention/retention.controller.ts';
import { WebhookController } from './webhooks/webhook.controller.ts';
import { WebhookService } from './webhooks/webhook.service.ts';

/** What the process has opened before there is an api. */
export interface ApiParts {
  readonly settings: Settings;
  readonly database: Database;
  readonly vault: Vault;
  readonly parser: ParserPool;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly readiness: ReadinessCheck;
  readonly description: ApiDescription;
}

/** What every part of the api may ask for: the database, the vault, the settings, the logger, the metrics. */
@Module({})
class FoundationModule {
  static with(parts: ApiParts): DynamicModule {
    const providers = [
      { provide: Database, useValue: parts.database },
      { provide: Vault, useValue: parts.vault },
      { provide: ParserPool, useValue: parts.parser },
      { provide: SETTINGS, useValue: parts.settings },
      { provide: LOGGER, useValue: parts.logger },
      { provide: Metrics, useValue: parts.metrics },
      { provide: ReadinessCheck, useValue: parts.readiness },
      { provide: API_DESCRIPTION, useValue: parts.description },
    ];
    return { module: FoundationModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}

@Module({})
export class AppModule {
  static with(parts: ApiParts): DynamicModule {
    return {
      module: AppModule,
      imports: [FoundationModule.with(parts), RecipientModule],
      controllers: [
        HealthController,
        DocumentationController,
        ConfigurationController,
        BrandingTemplateController,
        BrandingImageController,
        MailRuleController,
        SenderGroupController,
        MessageController,
        OutboxController,
        AuditEntryController,
        AuditExportController,
        AuditFeedController,
        AuditEventController,
        AuditImportController,
        AdminRecordController,
        AdminRecordExportController,
        LogController,
        ApiKeyController,
        SmtpCredentialController,
        DomainController,
        SubmissionTrustController,
        NextHopController,
        WebhookController,
        SyslogDestinationController,
        AlertController,
        CheckpointDeliveryController,
        RetentionController,
        LegalHoldController,
        AuditErasureController,
        SessionController,
        StatisticsController,
        MemberController,
        SentController,
        MemberLinkController,
        AccountController,
        SessionListController,
        SetupController,
        DoctorController,
      ],
      providers: [
        Admission,
        BrandingTemplateService,
        BrandingPreviewService,
        MessageService,
        MessageHistoryService,
        AuditExportService,
        AdminRecordExportService,
        AuditImportService,
        AuditErasureService,
        ConfigurationService,
        SubmissionService,
        MailRuleService,
        SessionService,
        SenderSessionService,
        SecondFactorService,
        ReauthenticationService,
        AccountService,
        AuthenticatorAppService,
        PasskeyService,
        MemberService,
        MemberLinkService,
        DomainService,
        LogService,
        NextHopService,
        WebhookService,
        SyslogDestinationService,
        CheckpointDeliveryService,
        SetupService,
        DoctorService,
        { provide: NameService, inject: [SETTINGS], useFactory: ({ DNS_SERVERS }: Settings) => new NameService(DNS_SERVERS) },
        { provide: APP_GUARD, useClass: AuthenticationGuard },
        { provide: APP_PIPE, useClass: SchemaRequiredPipe },
        { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
      ],
    };
  }
}
