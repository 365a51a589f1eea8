import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import type { FieldError } from '@signet/api-contract/problem';
import { z } from 'zod';
import { invalid } from './problem-error.ts';

/** Wrong fields that an answer names: beyond that many nobody reads on, and an answer must not be larger than its request. */
const ERRORS = 1000;

/** Validates every parameter by its schema, and refuses a parameter that has none: nothing unchecked reaches a handler. */
@Injectable()
export class SchemaRequiredPipe implements PipeTransform {
  async transform(value: unknown, { schema, type, data }: ArgumentMetadata): Promise<unknown> {
    if (!(schema instanceof z.ZodType))
      throw new Error(`A handler's parameter (${type}${data === undefined ? '' : ` ${data}`}) has no schema`);
    const result = await schema.safeParseAsync(value, { error: detailOf });
    if (!result.success) throw invalid(result.error.issues.slice(0, ERRORS).flatMap(fieldErrorsOf).slice(0, ERRORS));
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

/** What is wrong with a length, as the rest of a sentence, which pages show at the box; the rest zod says in its own words. */
function detailOf(issue: z.core.$ZodRawIssue): string | undefined {
  const unit = issue.origin === 'string' ? 'characters' : issue.origin === 'array' ? 'entries' : null;
  if (unit === null) return undefined;
  if (issue.code === 'too_big') return `must have at most ${String(issue.maximum)} ${unit}`;
  if (issue.code !== 'too_small') return undefined;
  return issue.minimum === 1 ? 'must not be empty' : `must have at least ${String(issue.minimum)} ${unit}`;
}

/** A JSON pointer (RFC 6901). */
function pointerOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .slice(0, 1000);
}
