import { Controller } from '@nestjs/common';
import { messageRoutes } from '@signet/api-contract/messages';
import type { AnswerOf } from '@signet/api-contract/route';
import { ByAdministrator } from '../authentication/caller.decorator.ts';
import type { Administrator } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { MessageHistoryService } from './message-history.service.ts';
import type { WithPage } from '../http/with-page.ts';
import { MessageService } from './message.service.ts';
import { SubmissionService } from './submission.service.ts';

const {
  submitMessage,
  listMessages,
  getMessage,
  getMessageHistory,
  changeMessage,
  revokeMessage,
  restoreMessage,
  resendMessage,
  getExposure,
} = messageRoutes;

@Controller()
export class MessageController {
  constructor(
    private readonly messages: MessageService,
    private readonly histories: MessageHistoryService,
    private readonly submission: SubmissionService,
  ) {}

  @Endpoint(submitMessage)
  submit(
    @ByAdministrator() caller: Administrator,
    @Input(submitMessage) input: InputOf<typeof submitMessage>,
  ): Promise<AnswerOf<typeof submitMessage>> {
    return this.submission.submit(caller, input);
  }

  @Endpoint(listMessages)
  search(
    @ByAdministrator() caller: Administrator,
    @Input(listMessages) { query }: InputOf<typeof listMessages>,
  ): Promise<AnswerOf<typeof listMessages>> {
    return this.messages.search(caller, query);
  }

  @Endpoint(getMessage)
  read(
    @ByAdministrator() caller: Administrator,
    @Input(getMessage) { params }: InputOf<typeof getMessage>,
  ): Promise<AnswerOf<typeof getMessage>> {
    return this.messages.read(caller, params.message);
  }

  @Endpoint(getMessageHistory)
  history(
    @ByAdministrator() caller: Administrator,
    @Input(getMessageHistory) { params, query }: InputOf<typeof getMessageHistory>,
  ): Promise<AnswerOf<typeof getMessageHistory>> {
    return this.histories.read(caller, params.message, query);
  }

  @Endpoint(changeMessage)
  change(
    @ByAdministrator() caller: Administrator,
    @Input(changeMessage) { params, body }: InputOf<typeof changeMessage>,
  ): Promise<AnswerOf<typeof changeMessage>> {
    return this.messages.changeExpiry(caller, { reference: params.message, ...body });
  }

  @Endpoint(revokeMessage)
  revoke(
    @ByAdministrator() caller: Administrator,
    @Input(revokeMessage) { params, body }: InputOf<typeof revokeMessage>,
  ): Promise<AnswerOf<typeof revokeMessage>> {
    return this.messages.changeRevocation(caller, 'revoke', { reference: params.message, ...body });
  }

  @Endpoint(restoreMessage)
  restore(
    @ByAdministrator() caller: Administrator,
    @Input(restoreMessage) { params, body }: InputOf<typeof restoreMessage>,
  ): Promise<AnswerOf<typeof restoreMessage>> {
    return this.messages.changeRevocation(caller, 'restore', { reference: params.message, ...body });
  }

  @Endpoint(resendMessage)
  resend(
    @ByAdministrator() caller: Administrator,
    @Input(resendMessage) { params, body }: InputOf<typeof resendMessage>,
  ): Promise<AnswerOf<typeof resendMessage>> {
    return this.messages.resend(caller, { reference: params.message, ...body });
  }

  @Endpoint(getExposure)
  exposure(
    @ByAdministrator() caller: Administrator,
    @Input(getExposure) { params, query }: InputOf<typeof getExposure>,
  ): Promise<WithPage<AnswerOf<typeof getExposure>>> {
    return this.messages.exposure(caller, params.message, query.zone);
  }
}
