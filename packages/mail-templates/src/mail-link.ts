import { z } from 'zod';

/** An address of the web that a mail leads to, short enough for a line of its text part. */
export const mailLink = z
  .string()
  .max(900)
  // Before it is read as a URL, which would quietly take line breaks out.
  .regex(/^[\u0021-\u007E]+$/, 'must be printable ASCII')
  .pipe(z.url({ protocol: /^https?$/ }));
