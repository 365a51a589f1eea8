/** The query of a search, as `GET /v1/audit-entries` takes it. */
export type Query = Readonly<Record<string, string>>;

/** `one` filter or none; a `selective` one with another; and `others`, whose filters each fit many entries. */
export type SearchKind = 'one' | 'selective' | 'others';

/** What is searched for, each time something else. `entries` is how many there are. */
interface Search {
  readonly name: string;
  readonly kind: SearchKind;
  readonly make: (entries: number) => Query;
}

/** Numbers of words and addresses, the first ones as much more frequent as they are in the trail. */
const skewed = (count: number) => Math.floor(Math.exp(Math.random() * Math.log(count)));
const oneOf = (...values: readonly string[]) => values[Math.floor(Math.random() * values.length)] ?? '';
const word = () => `w${skewed(20_000)}`;
/** A word that one message has, perhaps one of another organization. */
const rareWord = (entries: number) => `r${Math.floor((Math.random() * entries) / 6)}`;
const recipient = () => `reader${skewed(100_000)}@d${skewed(50)}.example`;
const rareRecipient = () => `reader${1_000 + Math.floor(Math.random() * 99_000)}@d${skewed(50)}.example`;
const sender = () => `author${skewed(500)}@o1.example`;
const operation = () =>
  oneOf(
    'MessageSend',
    'WrapperDelivery',
    'LinkTouch',
    'AuthenticateRequest',
    'MessageAccess',
    'AttachmentDownload',
    'MessageForward',
    'ContentHold',
  );
const method = () => oneOf('OTP', 'Microsoft', 'Google', 'Yahoo', 'Passkey');
const outcome = () => oneOf('Success', 'Failure');
const source = () => oneOf('signet', 'Mail client', 'm365-import');
const day = () => new Date(Date.now() - Math.random() * 365 * 86_400_000).toISOString();

export const searches: readonly Search[] = [
  { name: 'no filter', kind: 'one', make: () => ({}) },
  { name: 'a Message-ID', kind: 'one', make: (entries) => ({ messageId: `${Math.floor((Math.random() * entries) / 6)}@o1.example` }) },
  { name: 'a recipient', kind: 'one', make: () => ({ recipient: recipient() }) },
  { name: 'the beginning of a recipient', kind: 'one', make: () => ({ recipient: `reader${skewed(100_000)}*` }) },
  { name: 'a sender', kind: 'one', make: () => ({ sender: sender() }) },
  { name: 'a word', kind: 'one', make: () => ({ subject: word() }) },
  { name: 'an operation', kind: 'one', make: () => ({ operation: operation() }) },
  { name: 'a way of signing in', kind: 'one', make: () => ({ authenticationMethod: method() }) },
  { name: 'how signing in ended', kind: 'one', make: () => ({ authenticationStatus: outcome() }) },
  { name: 'an outcome', kind: 'one', make: () => ({ operationStatus: outcome() }) },
  { name: 'a source', kind: 'one', make: () => ({ source: source() }) },
  { name: 'before a time', kind: 'one', make: () => ({ to: day() }) },
  { name: 'a rare word and a sender', kind: 'selective', make: (entries) => ({ subject: rareWord(entries), sender: sender() }) },
  { name: 'a rare recipient and a word', kind: 'selective', make: () => ({ recipient: rareRecipient(), subject: word() }) },
  { name: 'a rare recipient and an operation', kind: 'selective', make: () => ({ recipient: rareRecipient(), operation: operation() }) },
  {
    name: 'the rarest way of signing in and a failure',
    kind: 'selective',
    make: () => ({ authenticationMethod: 'Passkey', operationStatus: 'Failure' }),
  },
  { name: 'two words', kind: 'others', make: () => ({ subject: `${word()} ${word()}` }) },
  { name: 'a sender and a word', kind: 'others', make: () => ({ sender: sender(), subject: word() }) },
  { name: 'a recipient and an operation', kind: 'others', make: () => ({ recipient: recipient(), operation: operation() }) },
  {
    name: 'a failure, an operation and a source',
    kind: 'others',
    make: () => ({ operationStatus: 'Failure', operation: operation(), source: 'Mail client' }),
  },
  {
    name: 'what there is not',
    kind: 'others',
    make: () => ({ operation: 'MessageSend', authenticationMethod: 'OTP', operationStatus: 'Success' }),
  },
];

/** What is read to its hundredth page, which all of them have at the smallest size. */
export const deepSearches: readonly Query[] = [
  {},
  { operation: 'MessageAccess' },
  { subject: 'w1' },
  { authenticationMethod: 'OTP' },
  { source: 'signet' },
];
