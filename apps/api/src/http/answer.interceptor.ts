import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { ApiRequest } from './api-request.ts';
import { routeOf } from './endpoint.decorator.ts';
import { sendPage, wantsPage, WithPage } from './with-page.ts';

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
        const checked = (json: unknown) => (typeof answer === 'string' ? json : answer.parse(json));
        if (!route.page) return checked(value);
        if (!(value instanceof WithPage)) throw new Error(`${route.method} ${route.path} lacks its page`);
        void reply.header('vary', 'accept');
        const json = checked(value.json);
        return wantsPage(context.switchToHttp().getRequest<ApiRequest>()) ? sendPage(reply, value.page()) : json;
      }),
    );
  }
}
