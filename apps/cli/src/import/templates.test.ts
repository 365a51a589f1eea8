import { describe, expect, test } from 'vitest';
import { Refused } from './report.ts';
import { readTemplate } from './templates.ts';

/** As Get-OMEConfiguration | ConvertTo-Json writes one. */
const exported = {
  PSComputerName: 'outlook.office365.com',
  RunspaceId: '5d0a7c4e-1c11-4c35-9bd1-94f0b0b2a4d1',
  PSShowComputerName: false,
  TemplateName: 'Contoso Legal',
  Image: [137, 80, 78, 71],
  ImageUrl: null,
  EmailText: 'Encrypted message from Contoso.',
  PortalText: '',
  DisclaimerText: null,
  BackgroundColor: '#336699',
  IntroductionText: 'has sent you a protected message.',
  ReadButtonText: '',
  OTPEnabled: true,
  SocialIdSignIn: false,
  ExternalMailExpiryInterval: { Ticks: 6_048_000_000_000, Days: 7, Hours: 0, TotalDays: 7, TotalHours: 168 },
  PrivacyStatementUrl: 'https://contoso.example/privacy',
  Identity: 'Contoso Legal',
  IsValid: true,
  ObjectState: 'New',
};

test('every field of an OME configuration is taken, and what is empty is the default wording', () => {
  expect(readTemplate(exported)).toEqual({
    name: 'Contoso Legal',
    change: {
      backgroundColor: '#336699',
      introductionText: 'has sent you a protected message.',
      readButtonText: null,
      emailText: 'Encrypted message from Contoso.',
      disclaimerText: null,
      portalText: null,
      privacyStatementUrl: 'https://contoso.example/privacy',
      otpEnabled: true,
      socialIdSignIn: false,
      externalMailExpiryInDays: 7,
    },
    image: new Uint8Array([137, 80, 78, 71]),
    notTaken: [],
  });
});

test('what is not there is left as it is, and what is not known is named', () => {
  const read = readTemplate({
    Identity: 'Contoso',
    OTPEnabled: true,
    NewProperty: 'new',
    OtherProperty: null,
    'Image@odata.type': '#Binary',
  });
  expect(read).toEqual({ name: 'Contoso', change: { otpEnabled: true }, image: undefined, notTaken: ['NewProperty'] });
});

test.each([
  ['7.00:00:00', 7],
  ['00:00:00', 0],
  ['730.00:00:00', 730],
])('the interval %s is %i days', (written, days) => {
  expect(readTemplate({ ...exported, ExternalMailExpiryInterval: written }).change.externalMailExpiryInDays).toBe(days);
});

describe('a picture', () => {
  const png = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  test.each([
    ['an array of bytes', [...png]],
    ['a wrapped array of bytes', { value: [...png], Count: png.length }],
    ['base64', png.toString('base64')],
    ['bytes that ConvertTo-Json made a text of', [...png].join(' ')],
  ])('is read from %s', (_, image) => {
    expect(readTemplate({ ...exported, Image: image }).image).toEqual(new Uint8Array(png));
  });

  test('that is not there is none', () => {
    expect(readTemplate({ ...exported, Image: null }).image).toBeNull();
    expect(readTemplate({ ...exported, Image: '' }).image).toBeNull();
  });
});

test.each([
  ['Image', [300], 'Image'],
  ['Image', 'System.Byte[]', 'Image: must be the bytes of a picture'],
  ['ExternalMailExpiryInterval', '7.12:00:00', 'ExternalMailExpiryInterval: must be whole days'],
  ['ExternalMailExpiryInterval', { TotalDays: 1.5 }, 'ExternalMailExpiryInterval: must be whole days'],
  ['OTPEnabled', 'yes', 'OTPEnabled'],
  ['Identity', '', 'Identity'],
])('%s as %j is refused, naming the field', (field, value, message) => {
  expect(() => readTemplate({ ...exported, [field]: value })).toThrow(Refused);
  expect(() => readTemplate({ ...exported, [field]: value })).toThrow(message);
});
