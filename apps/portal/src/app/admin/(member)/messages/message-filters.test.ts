import { expect, test } from 'vitest';
import { filtersOf, listPath, offeredStates, queryOf, setFilters, trailSearches } from './message-filters.ts';

const given = {
  q: ' budget ',
  sender: 'alice@acme.example',
  recipient: '',
  subject: ['twice', 'given'],
  state: ['opened', 'bounced', 'nonsense'],
  from: '2026-11-01',
  to: '2026-11-02',
  other: 'x',
};

test('an address is read into filters and written back; what means nothing is left out', () => {
  const filters = filtersOf(given);
  expect(filters).toEqual({
    q: 'budget',
    sender: 'alice@acme.example',
    from: '2026-11-01',
    to: '2026-11-02',
    states: ['bounced', 'opened'],
  });
  expect(listPath(filters)).toBe(
    '/admin/messages?q=budget&sender=alice%40acme.example&from=2026-11-01&to=2026-11-02&state=bounced&state=opened',
  );
  expect(listPath(filtersOf({}))).toBe('/admin/messages');
  expect(listPath(filtersOf({ state: 'sent' }), 'abc')).toBe('/admin/messages?cursor=abc&state=sent');
});

test('both days count whole, in the member’s zone, and an address may be a beginning', () => {
  const { query, faults } = queryOf(filtersOf(given), 'Europe/Zurich');
  expect(faults).toEqual({});
  expect(query).toEqual({
    text: 'budget',
    sender: 'alice@acme.example*',
    from: '2026-10-31T23:00:00.000Z',
    to: '2026-11-02T23:00:00.000Z',
    state: ['bounced', 'opened'],
  });
});

test('a day that is none, and an end before the beginning, are named at their fields', () => {
  expect(queryOf(filtersOf({ from: 'x', to: '2026-02-30' }), 'UTC').faults).toEqual({ from: 'noDay', to: 'noDay' });
  expect(queryOf(filtersOf({ from: '2026-11-03', to: '2026-11-02' }), 'UTC').faults).toEqual({ to: 'order' });
  expect(queryOf(filtersOf({ from: '2026-11-02', to: '2026-11-02' }), 'UTC').faults).toEqual({});
});

test('each filter can be taken away by itself', () => {
  const filters = filtersOf({ q: 'budget', state: ['sent', 'opened'] });
  expect(setFilters(filters)).toEqual([
    { name: 'q', value: 'budget', without: '/admin/messages?state=sent&state=opened' },
    { name: 'state', value: 'sent', without: '/admin/messages?q=budget&state=opened' },
    { name: 'state', value: 'opened', without: '/admin/messages?q=budget&state=sent' },
  ]);
});

test('who may not read the trail is offered no state that tells of reading', () => {
  expect(offeredStates(false).access).toEqual(['revoked', 'expired', 'erased']);
  expect(offeredStates(true).access).toContain('opened');
});

const searches = (filters: Parameters<typeof filtersOf>[0]) => trailSearches(filtersOf(filters));

test('the audit trail is searched for the same, what is written in the one box for all that it may mean', () => {
  expect(searches(given)).toEqual([
    { as: 'subject', path: '/admin/trail?sender=alice%40acme.example*&from=2026-11-01&to=2026-11-02&subject=budget' },
  ]);
  expect(searches({ q: '<one@contoso.example>', subject: 'plan' })).toEqual([
    { as: 'messageId', path: '/admin/trail?subject=plan&messageId=%3Cone%40contoso.example%3E' },
  ]);
  expect(searches({ q: '0199f0a2-0000-7000-8000-000000000001' }).map(({ as }) => as)).toEqual(['messageId']);
  expect(searches({ q: 'plan for bob@example.net' }).map(({ as }) => as)).toEqual(['subject']);
  expect(searches({ q: 'bob@example' })).toEqual([
    { as: 'messageId', path: '/admin/trail?messageId=bob%40example' },
    { as: 'recipient', path: '/admin/trail?recipient=bob%40example*' },
    { as: 'sender', path: '/admin/trail?sender=bob%40example*' },
  ]);
  expect(searches({ q: 'bob@example', recipient: 'erin@*' }).map(({ as }) => as)).toEqual(['messageId', 'sender']);
  expect(searches({ recipient: 'bob@*', template: 'Contoso', state: 'sent' })).toEqual([
    { as: 'same', path: '/admin/trail?recipient=bob%40*' },
  ]);
  expect(searches({ template: 'Contoso' })).toEqual([]);
});
