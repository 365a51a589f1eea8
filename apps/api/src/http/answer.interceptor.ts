import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { OtherAnswer, Route, Status } from '@signet/api-contract/route';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { z } from 'zod';
import { ROUTE } from './endpoint.decorator.ts';

/** Passes every answer through its route's schema: what the contract does not list does not leave. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const route = Reflect.getMetadata(ROUTE, context.getHandler()) as Route | undefined;
    if (!route) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((value: unknown) => {
        const answer: z.ZodType | OtherAnswer | undefined = route.responses[reply.statusCode as Status];
        if (answer === undefined) throw new Error(`${route.method} ${route.path} does not answer ${reply.statusCode}`);
        return typeof answer === 'string' ? value : answer.parse(value);
      }),
    );
  }
}
