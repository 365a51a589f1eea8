import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { ApiRequest } from '../http/api-request.ts';
import { routeOf } from '../http/endpoint.decorator.ts';

/** The second wall behind `Admission`: no handler runs for a request that was not let in, or for a route that is not of the contract. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const handler = `${context.getClass().name}.${context.getHandler().name}`;
    if (!routeOf(context)) throw new Error(`${handler} has no route of the contract`);
    if (!context.switchToHttp().getRequest<ApiRequest>().caller) throw new Error(`${handler} was reached without admission`);
    return true;
  }
}
