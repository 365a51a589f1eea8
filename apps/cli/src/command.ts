import { Command } from '@commander-js/extra-typings';

/** A noun of the command line; its verbs are its commands. */
export function noun(name: string, description: string): Command {
  return new Command(name).description(description);
}

/** A verb of a noun, with the options that all of them have. */
export function verb(of: Command, name: string, description: string) {
  return withCommonOptions(of.command(name).description(description));
}

/** The options that every command has. */
export function withCommonOptions(command: Command) {
  return command.option('--json', 'write what the API answers, as JSON').option('--config <file>', 'where the API’s address and key are');
}

/** A verb that lists page by page. */
export function listing(of: Command, name: string, description: string) {
  return verb(of, name, description)
    .option('--limit <number>', 'how many at most on a page')
    .option('--cursor <cursor>', 'where a page ended, to go on from there')
    .option('--all', 'all pages, as they come; as JSON one item a line');
}

/** Gathers an option that may be given several times. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** A time: RFC 3339, or a day, which begins at midnight UTC. The API checks the rest. */
export function timeOf(text: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
}

export const TIME_HELP = 'RFC 3339, or a day like 2026-11-22 (UTC)';
