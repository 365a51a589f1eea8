import { Controller, Header, Res } from '@nestjs/common';
import { portalHeader } from '@signet/api-contract/portal-headers';
import { recipientRoutes as routes } from '@signet/api-contract/recipient';
import { preferredLanguage, spokenLanguage } from '@signet/domain/accept-language';
import type { FastifyReply } from 'fastify';
import type { PortalCaller } from '../authentication/caller.ts';
import { ByPortal } from '../authentication/caller.decorator.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { ContentService } from './content.service.ts';
import { LinkService } from './link.service.ts';
import { PasscodeService } from './passcode.service.ts';
import { RecipientReaderService, type Reader } from './recipient-reader.service.ts';

/** What recipients do, through the portal: from the link to the last byte of an attachment. */
@Controller()
export class RecipientController {
  constructor(
    private readonly links: LinkService,
    private readonly passcodes: PasscodeService,
    private readonly readers: RecipientReaderService,
    private readonly content: ContentService,
  ) {}

  @Endpoint(routes.getLink)
  @Header('cache-control', 'no-store')
  getLink(@Input(routes.getLink) { params, headers }: InputOf<typeof routes.getLink>, @ByPortal() { visitor }: PortalCaller) {
    const look = {
      token: params.token,
      sessionToken: headers[portalHeader.session],
      browser: headers[portalHeader.browser],
      method: headers[portalHeader.visitorMethod] ?? 'GET',
      language: preferredLanguage(headers['accept-language'] ?? null),
      signals: {
        fetch: headers[portalHeader.visitorFetch] ?? null,
        purpose: headers[portalHeader.visitorPurpose] ?? null,
        language: headers['accept-language'] ?? null,
        isKnown: headers[portalHeader.browser] !== undefined,
      },
    };
    return this.links.look(look, visitor);
  }

  @Endpoint(routes.getLogo)
  async logo(
    @Input(routes.getLogo) { params }: InputOf<typeof routes.getLogo>,
    @ByPortal() _caller: PortalCaller,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { png } = await this.links.logo(params.token);
    await reply.type('image/png').send(png);
  }

  @Endpoint(routes.requestPasscode)
  @Header('cache-control', 'no-store')
  requestPasscode(
    @Input(routes.requestPasscode) { params, headers }: InputOf<typeof routes.requestPasscode>,
    @ByPortal() { visitor }: PortalCaller,
  ) {
    const language = spokenLanguage(headers['accept-language'] ?? null);
    const asking = { browser: headers[portalHeader.browser], language, press: headers[portalHeader.visitorPress] ?? null };
    return this.passcodes.request(params.token, asking, visitor);
  }

  @Endpoint(routes.signInRecipient)
  @Header('cache-control', 'no-store')
  signIn(
    @Input(routes.signInRecipient) { params, headers, body }: InputOf<typeof routes.signInRecipient>,
    @ByPortal() { visitor }: PortalCaller,
  ) {
    const held = { browser: headers[portalHeader.browser], session: headers[portalHeader.session] };
    return this.passcodes.signIn(params.token, held, body.passcode, visitor);
  }

  /** Without a session there is nothing to end, which is as good. */
  @Endpoint(routes.signOutRecipient)
  async signOut(@Input(routes.signOutRecipient) { params, headers }: InputOf<typeof routes.signOutRecipient>): Promise<void> {
    const link = await this.readers.findLink(params.token, headers[portalHeader.session]);
    if (link.session) await this.readers.endSession(headers[portalHeader.session]);
  }

  @Endpoint(routes.openMessage)
  @Header('cache-control', 'no-store')
  async open(@Input(routes.openMessage) input: InputOf<typeof routes.openMessage>, @ByPortal() caller: PortalCaller) {
    return this.content.open(await this.#reader(input, caller));
  }

  @Endpoint(routes.getBody)
  async body(
    @Input(routes.getBody) input: InputOf<typeof routes.getBody>,
    @ByPortal() caller: PortalCaller,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.content.sendBody(await this.#reader(input, caller), input.query.access, reply);
  }

  @Endpoint(routes.getInlineImage)
  async inlineImage(
    @Input(routes.getInlineImage) input: InputOf<typeof routes.getInlineImage>,
    @ByPortal() caller: PortalCaller,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.content.sendInlineImage(await this.#reader(input, caller), input.params.index, input.query.access, reply);
  }

  @Endpoint(routes.downloadAttachment)
  async attachment(
    @Input(routes.downloadAttachment) input: InputOf<typeof routes.downloadAttachment>,
    @ByPortal() caller: PortalCaller,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.content.sendAttachment(await this.#reader(input, caller), input.params.index, wantedOf(input.headers), reply);
  }

  @Endpoint(routes.downloadOriginal)
  async original(
    @Input(routes.downloadOriginal) input: InputOf<typeof routes.downloadOriginal>,
    @ByPortal() caller: PortalCaller,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.content.sendOriginal(await this.#reader(input, caller), wantedOf(input.headers), reply);
  }

  #reader(
    { params, headers }: { readonly params: { token: string }; readonly headers: { [portalHeader.session]?: string | undefined } },
    { visitor }: PortalCaller,
  ): Promise<Reader> {
    return this.readers.findReader(params.token, headers[portalHeader.session], visitor);
  }
}

function wantedOf(headers: { range?: string | undefined; 'if-range'?: string | undefined }) {
  return { range: headers.range, ifRange: headers['if-range'] };
}
