import { expect, test } from 'vitest';
import { deliveryAfterFailure } from './delivery.ts';

test('only a permanent refusal of the mail itself is a bounce', () => {
  for (const command of ['MAIL FROM', 'RCPT TO', 'DATA']) expect(deliveryAfterFailure(550, command)).toBe('Bounced');
  expect(deliveryAfterFailure(554, 'DATA')).toBe('Bounced');
});

test('what is temporary, or about the connection and not the mail, is tried again', () => {
  expect(deliveryAfterFailure(451, 'DATA')).toBe('Deferred');
  expect(deliveryAfterFailure(null, null)).toBe('Deferred');
  expect(deliveryAfterFailure(null, 'DATA')).toBe('Deferred');
  expect(deliveryAfterFailure(554, 'CONN')).toBe('Deferred');
  expect(deliveryAfterFailure(535, 'AUTH PLAIN')).toBe('Deferred');
  expect(deliveryAfterFailure(530, 'MAIL FROM')).toBe('Deferred');
});
