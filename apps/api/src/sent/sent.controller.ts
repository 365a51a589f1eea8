import { Controller } from '@nestjs/common';
import { portalHeader } from '@signet/api-contract/portal-headers';
import type { AnswerOf } from '@signet/api-contract/route';
import { sentRoutes as routes } from '@signet/api-contract/sent';
import { Database } from '@signet/db/database';
import { changeSenderNotices, NoticesNotOfferedError, readSenderNotices } from '@signet/db/sender-preference';
import { ByPortal, BySender } from '../authentication/caller.decorator.ts';
import type { PortalCaller, SenderCaller } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { invalid } from '../http/problem-error.ts';
import type { WithPage } from '../http/with-page.ts';
import { MessageService } from '../messages/message.service.ts';
import { SenderSessionService, senderView } from './sender-session.service.ts';

/** What senders do, through the portal, with their own messages: the same as administrators do, and with no others. */
@Controller()
export class SentController {
  constructor(
    private readonly database: Database,
    private readonly sessions: SenderSessionService,
    private readonly messages: MessageService,
  ) {}

  @Endpoint(routes.requestSenderPasscode)
  requestPasscode(
    @ByPortal() { visitor }: PortalCaller,
    @Input(routes.requestSenderPasscode) { headers, body }: InputOf<typeof routes.requestSenderPasscode>,
  ): Promise<AnswerOf<typeof routes.requestSenderPasscode>> {
    return this.sessions.request(body, headers[portalHeader.browser], visitor);
  }

  @Endpoint(routes.signInSender)
  signIn(
    @ByPortal() { visitor }: PortalCaller,
    @Input(routes.signInSender) { headers, body }: InputOf<typeof routes.signInSender>,
  ): Promise<AnswerOf<typeof routes.signInSender>> {
    return this.sessions.signIn(body, headers[portalHeader.browser], visitor);
  }

  @Endpoint(routes.getSenderSession)
  current(
    @BySender() caller: SenderCaller,
    @Input(routes.getSenderSession) _input: InputOf<typeof routes.getSenderSession>,
  ): AnswerOf<typeof routes.getSenderSession> {
    return { expiresAt: caller.expiresAt.toISOString(), sender: senderView(caller) };
  }

  @Endpoint(routes.signOutSender)
  signOut(@BySender() caller: SenderCaller, @Input(routes.signOutSender) _input: InputOf<typeof routes.signOutSender>): Promise<void> {
    return this.sessions.signOut(caller);
  }

  @Endpoint(routes.getSenderNotices)
  notices(
    @BySender() caller: SenderCaller,
    @Input(routes.getSenderNotices) _input: InputOf<typeof routes.getSenderNotices>,
  ): Promise<AnswerOf<typeof routes.getSenderNotices>> {
    return readSenderNotices(this.database.forOrganization(caller.organizationId), caller.address);
  }

  @Endpoint(routes.changeSenderNotices)
  changeNotices(
    @BySender() caller: SenderCaller,
    @Input(routes.changeSenderNotices) { body }: InputOf<typeof routes.changeSenderNotices>,
  ): Promise<AnswerOf<typeof routes.changeSenderNotices>> {
    const scope = this.database.forOrganization(caller.organizationId);
    return changeSenderNotices(scope, caller.address, body, actBy(caller)).catch((error: unknown) => {
      if (!(error instanceof NoticesNotOfferedError)) throw error;
      throw invalid(error.kinds.map((kind) => ({ pointer: `/${kind}`, detail: 'your organization does not send these notices' })));
    });
  }

  @Endpoint(routes.listSentMessages)
  search(
    @BySender() caller: SenderCaller,
    @Input(routes.listSentMessages) { query }: InputOf<typeof routes.listSentMessages>,
  ): Promise<AnswerOf<typeof routes.listSentMessages>> {
    return this.messages.search(caller, query);
  }

  @Endpoint(routes.getSentMessage)
  read(
    @BySender() caller: SenderCaller,
    @Input(routes.getSentMessage) { params }: InputOf<typeof routes.getSentMessage>,
  ): Promise<AnswerOf<typeof routes.getSentMessage>> {
    return this.messages.read(caller, params.message);
  }

  @Endpoint(routes.getSentTimeline)
  timeline(
    @BySender() caller: SenderCaller,
    @Input(routes.getSentTimeline) { params, query }: InputOf<typeof routes.getSentTimeline>,
  ): Promise<AnswerOf<typeof routes.getSentTimeline>> {
    return this.messages.timeline(caller, params.message, query);
  }

  @Endpoint(routes.changeSentMessage)
  change(
    @BySender() caller: SenderCaller,
    @Input(routes.changeSentMessage) { params, body }: InputOf<typeof routes.changeSentMessage>,
  ): Promise<AnswerOf<typeof routes.changeSentMessage>> {
    return this.messages.changeExpiry(caller, { reference: params.message, ...body });
  }

  @Endpoint(routes.revokeSentMessage)
  revoke(
    @BySender() caller: SenderCaller,
    @Input(routes.revokeSentMessage) { params, body }: InputOf<typeof routes.revokeSentMessage>,
  ): Promise<AnswerOf<typeof routes.revokeSentMessage>> {
    return this.messages.changeRevocation(caller, 'revoke', { reference: params.message, ...body });
  }

  @Endpoint(routes.restoreSentMessage)
  restore(
    @BySender() caller: SenderCaller,
    @Input(routes.restoreSentMessage) { params, body }: InputOf<typeof routes.restoreSentMessage>,
  ): Promise<AnswerOf<typeof routes.restoreSentMessage>> {
    return this.messages.changeRevocation(caller, 'restore', { reference: params.message, ...body });
  }

  @Endpoint(routes.getSentExposure)
  exposure(
    @BySender() caller: SenderCaller,
    @Input(routes.getSentExposure) { params, query }: InputOf<typeof routes.getSentExposure>,
  ): Promise<WithPage<AnswerOf<typeof routes.getSentExposure>>> {
    return this.messages.exposure(caller, params.message, query.zone);
  }
}
