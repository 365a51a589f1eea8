import { Controller, Res } from '@nestjs/common';
import type { PasskeyRequestOptions } from '@signet/api-contract/passkeys';
import type { AnswerOf } from '@signet/api-contract/route';
import { sessionRoutes, type OpenedSession } from '@signet/api-contract/sessions';
import { reauthenticationMethodsOf } from '@signet/domain/member-authentication';
import type { FastifyReply } from 'fastify';
import { ByMember, ByPortal } from '../authentication/caller.decorator.ts';
import type { MemberCaller, PortalCaller } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { memberView } from './open-session.ts';
import { ReauthenticationService } from './reauthentication.service.ts';
import { SecondFactorService } from './second-factor.service.ts';
import { SessionService } from './session.service.ts';

const { signIn, proveSecondFactor, beginPasskeySignIn, signInWithPasskey, getCurrentSession, signOut } = sessionRoutes;
const { getTimeLeft, beginPasskeyReauthentication, reauthenticate } = sessionRoutes;

@Controller()
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly secondFactors: SecondFactorService,
    private readonly reauthentications: ReauthenticationService,
  ) {}

  @Endpoint(signIn)
  async signIn(
    @ByPortal() caller: PortalCaller,
    @Input(signIn) { body }: InputOf<typeof signIn>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerOf<typeof signIn>> {
    const answer = await this.sessions.signIn(caller.visitor, body);
    void reply.status('challenge' in answer ? 202 : 201);
    return answer;
  }

  @Endpoint(proveSecondFactor)
  prove(@ByPortal() caller: PortalCaller, @Input(proveSecondFactor) { body }: InputOf<typeof proveSecondFactor>): Promise<OpenedSession> {
    return this.secondFactors.prove(caller.visitor, body);
  }

  @Endpoint(beginPasskeySignIn)
  passkeyOptions(
    @ByPortal() caller: PortalCaller,
    @Input(beginPasskeySignIn) { body }: InputOf<typeof beginPasskeySignIn>,
  ): Promise<PasskeyRequestOptions> {
    return this.secondFactors.passkeyOptions(caller.visitor, body.challenge);
  }

  @Endpoint(signInWithPasskey)
  signInWithPasskey(
    @ByPortal() caller: PortalCaller,
    @Input(signInWithPasskey) { body }: InputOf<typeof signInWithPasskey>,
  ): Promise<OpenedSession> {
    return this.secondFactors.signInWithPasskey(caller.visitor, body);
  }

  @Endpoint(getCurrentSession)
  current(
    @ByMember() caller: MemberCaller,
    @Input(getCurrentSession) _input: InputOf<typeof getCurrentSession>,
  ): AnswerOf<typeof getCurrentSession> {
    return {
      id: caller.sessionId,
      expiresAt: caller.expiresAt.toISOString(),
      ...timeLeftOf(caller),
      recentUntil: caller.recentUntil.toISOString(),
      secondFactorRequired: caller.secondFactorRequired,
      reauthenticationMethods: reauthenticationMethodsOf(caller),
      member: memberView(caller),
    };
  }

  @Endpoint(getTimeLeft)
  timeLeft(@ByMember() caller: MemberCaller, @Input(getTimeLeft) _input: InputOf<typeof getTimeLeft>): AnswerOf<typeof getTimeLeft> {
    return timeLeftOf(caller);
  }

  @Endpoint(signOut)
  signOut(@ByMember() caller: MemberCaller, @Input(signOut) _input: InputOf<typeof signOut>): Promise<void> {
    return this.sessions.signOut(caller);
  }

  @Endpoint(beginPasskeyReauthentication)
  reauthenticationOptions(
    @ByMember() caller: MemberCaller,
    @Input(beginPasskeyReauthentication) _input: InputOf<typeof beginPasskeyReauthentication>,
  ): Promise<PasskeyRequestOptions> {
    return this.reauthentications.passkeyOptions(caller);
  }

  @Endpoint(reauthenticate)
  reauthenticate(
    @ByMember() caller: MemberCaller,
    @Input(reauthenticate) { body }: InputOf<typeof reauthenticate>,
  ): Promise<AnswerOf<typeof reauthenticate>> {
    return this.reauthentications.reauthenticate(caller, body.proof);
  }
}

function timeLeftOf({ idleSecondsLeft, secondsLeft }: MemberCaller) {
  return { idleSecondsLeft, secondsLeft };
}
