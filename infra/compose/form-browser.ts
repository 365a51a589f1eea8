/** A page as it came. */
interface Page {
  readonly url: string;
  readonly status: number;
  readonly html: string;
}

/** As much of a browser as pages without script need: cookies, and forms. */
export class FormBrowser {
  readonly #cookies = new Map<string, string>();

  get(url: string): Promise<Page> {
    return this.#ask(url, {});
  }

  /**
   * Submits the page's form of this intent with what it holds and what is typed in.
   * @throws Error when the page has no such form
   */
  submit(page: Page, intent: string, typed: Readonly<Record<string, string>>): Promise<Page> {
    const form = (page.html.match(/<form\b.*?<\/form>/gs) ?? []).find((html) => html.includes(`value="${intent}"`));
    if (form === undefined) throw new Error(`The page (status ${page.status}) has no form that says ${intent}.`);
    const body = new FormData();
    for (const [input] of form.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)) body.set(attribute(input, 'name'), attribute(input, 'value'));
    for (const [name, value] of Object.entries(typed)) body.set(name, value);
    return this.#ask(page.url, { method: 'POST', body });
  }

  async #ask(url: string, request: { method?: string; body?: FormData }): Promise<Page> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      cookie,
      origin: new URL(url).origin,
      'accept-language': 'en',
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) journey',
    };
    const answer = await fetch(url, { ...request, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) this.#cookies.set(name, value);
    }
    return { url, status: answer.status, html: await answer.text() };
  }
}

function attribute(tag: string, name: string): string {
  const text = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
  const named: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'" };
  return text.replaceAll(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, word?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return named[word ?? ''] ?? whole;
  });
}
