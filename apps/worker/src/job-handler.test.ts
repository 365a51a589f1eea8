import { jobKinds } from '@signet/domain/jobs';
import { expect, test } from 'vitest';
import { refuseDoubleClaims, type JobHandlers } from './job-handler.ts';

const handlerOf = <Kind extends string>(kind: Kind) => ({ kind, run: async () => undefined });
const handlers: JobHandlers = {
  'ingest-audit-event': handlerOf('ingest-audit-event'),
  'ingest-admin-event': handlerOf('ingest-admin-event'),
  'send-wrapper-mail': handlerOf('send-wrapper-mail'),
  'pass-message': handlerOf('pass-message'),
  'send-passcode-mail': handlerOf('send-passcode-mail'),
  'send-sender-passcode-mail': handlerOf('send-sender-passcode-mail'),
  'send-sender-notice': handlerOf('send-sender-notice'),
  'send-sender-facts': handlerOf('send-sender-facts'),
  'send-delivery-report': handlerOf('send-delivery-report'),
  'send-member-mail': handlerOf('send-member-mail'),
  'send-alert-mail': handlerOf('send-alert-mail'),
  'send-template-test': handlerOf('send-template-test'),
  'send-checkpoint-mail': handlerOf('send-checkpoint-mail'),
};

test('one handler for each kind of the catalog lets the worker start', () => {
  expect(Object.keys(handlers).toSorted()).toEqual(jobKinds.toSorted());
  expect(() => refuseDoubleClaims(handlers)).not.toThrow();
});

test('two handlers that claim one kind stop the start', () => {
  // @ts-expect-error the compiler refuses it too
  const doubled: JobHandlers = { ...handlers, 'send-passcode-mail': handlerOf('send-wrapper-mail') };
  expect(() => refuseDoubleClaims(doubled)).toThrow('send-wrapper-mail has 2 handlers, send-passcode-mail has 0 handlers');
});

test('a kind without a handler does not compile', () => {
  const { 'send-passcode-mail': _, ...rest } = handlers;
  // @ts-expect-error one is missing
  const incomplete: JobHandlers = rest;
  expect(() => refuseDoubleClaims(incomplete)).toThrow('send-passcode-mail has 0 handlers');
});
