import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import type { FieldError } from '@signet/api-contract/problem';
import { z } from 'zod';
import { invalid } from './problem-error.ts';

/** Validates every parameter by its schema, and refuses a parameter that has none: nothing unchecked reaches a handler. */
@Injectable()
export class SchemaRequiredPipe implements PipeTransform {
  async transform(value: unknown, { schema, type, data }: ArgumentMetadata): Promise<unknown> {
    if (!(schema instanceof z.ZodType))
      throw new Error(`A handler's parameter (${type}${data === undefined ? '' : ` ${data}`}) has no schema`);
    const result = await schema.safeParseAsync(value);
    if (!result.success) throw invalid(result.error.issues.flatMap(fieldErrorsOf));
    return result.data;
  }
}

/** The first step of a path tells which part of the request it is in; pointers begin below it. */
function fieldErrorsOf(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.slice(1);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointerOf([...path, key]), detail: 'is not known here' }));
  }
  return [{ pointer: pointerOf(path), detail: issue.message.slice(0, 1000) }];
}

/** A JSON pointer (RFC 6901). */
function pointerOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .slice(0, 1000);
}
