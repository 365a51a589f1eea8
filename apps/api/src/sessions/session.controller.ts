import { Controller } from '@nestjs/common';
import type { AnswerOf } from '@signet/api-contract/route';
import { sessionRoutes } from '@signet/api-contract/sessions';
import { reauthenticationMethodsOf } from '@signet/domain/member-authentication';
import { ByMember, ByPortal } from '../authentication/caller.decorator.ts';
import type { MemberCaller, PortalCaller } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { memberView, SessionService } from './session.service.ts';

const { signIn, getCurrentSession, signOut } = sessionRoutes;

@Controller()
export class SessionController {
  constructor(private readonly sessions: SessionService) {}

  @Endpoint(signIn)
  signIn(@ByPortal() caller: PortalCaller, @Input(signIn) { body }: InputOf<typeof signIn>): Promise<AnswerOf<typeof signIn>> {
    return this.sessions.signIn(caller.visitor, body);
  }

  @Endpoint(getCurrentSession)
  current(
    @ByMember() caller: MemberCaller,
    @Input(getCurrentSession) _input: InputOf<typeof getCurrentSession>,
  ): AnswerOf<typeof getCurrentSession> {
    return {
      id: caller.sessionId,
      expiresAt: caller.expiresAt.toISOString(),
      recentUntil: caller.recentUntil.toISOString(),
      secondFactorRequired: caller.secondFactorRequired,
      reauthenticationMethods: reauthenticationMethodsOf(caller),
      member: memberView(caller),
    };
  }

  @Endpoint(signOut)
  signOut(@ByMember() caller: MemberCaller, @Input(signOut) _input: InputOf<typeof signOut>): Promise<void> {
    return this.sessions.signOut(caller);
  }
}
