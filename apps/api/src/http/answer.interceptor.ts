import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { routeOf } from './endpoint.decorator.ts';

/** Passes every answer through its route's schema: what the contract does not list does not leave. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const route = routeOf(context);
    if (!route) return next.handle();
    const answers = new Map(Object.entries(route.responses));
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((value: unknown) => {
        const answer = answers.get(String(reply.statusCode));
        if (answer === undefined) throw new Error(`${route.method} ${route.path} does not answer ${reply.statusCode}`);
        return typeof answer === 'string' ? value : answer.parse(value);
      }),
    );
  }
}
