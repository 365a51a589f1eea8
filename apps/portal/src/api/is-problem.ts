import { ApiProblem } from '@signet/api-contract/client';

/** Whether an error is the api's answer with this code. */
export function isProblem(error: unknown, code: ApiProblem['code']): error is ApiProblem {
  return error instanceof ApiProblem && error.code === code;
}
