import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { z } from 'zod';
import type { ApiRequest } from '../http/api-request.ts';
import type { Administrator, AnonymousCaller, Caller, MemberCaller, PortalCaller, SenderCaller } from './caller.ts';

const fromRequest = createParamDecorator((_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<ApiRequest>().caller);

function isCaller(kinds: readonly Caller['kind'][]) {
  return (value: unknown): boolean =>
    typeof value === 'object' && value !== null && 'kind' in value && kinds.some((kind) => kind === value.kind);
}

/** Who called, on routes for API keys and members. */
export function ByAdministrator(): ParameterDecorator {
  return fromRequest({ schema: z.custom<Administrator>(isCaller(['api-key', 'member'])) });
}

/** Who called, on routes for the portal and for recipients. */
export function ByPortal(): ParameterDecorator {
  return fromRequest({ schema: z.custom<PortalCaller>(isCaller(['portal'])) });
}

/** Who called, on routes for members alone. */
export function ByMember(): ParameterDecorator {
  return fromRequest({ schema: z.custom<MemberCaller>(isCaller(['member'])) });
}

/** Who called, on routes for signed-in senders. */
export function BySender(): ParameterDecorator {
  return fromRequest({ schema: z.custom<SenderCaller>(isCaller(['sender'])) });
}

/** Where whoever called calls from, on routes for everybody. */
export function ByAnybody(): ParameterDecorator {
  return fromRequest({ schema: z.custom<AnonymousCaller>(isCaller(['anonymous'])) });
}
