import { z } from 'zod';
import { hexColor } from './contrast.ts';

/** Who the mail is from, and how it looks: shared by all mails to recipients. */
export const MailBranding = z.strictObject({
  organizationName: z
    .string()
    .max(256)
    .refine((name) => name.trim() !== '', 'must not be blank'),
  /** `#RRGGBB` or a CSS colour name; null is Signet's own colour. Text colours are derived from it. */
  backgroundColor: z
    .string()
    .max(64)
    .refine((color) => hexColor(color) !== null, 'must be #RRGGBB or the name of a CSS colour')
    .nullable(),
  /** Content-ID of the logo that is attached inline, without angle brackets; null shows the organization's name instead. */
  logo: z
    .string()
    .max(250)
    .regex(/^[\w.!#$&*+=^{}~@-]+$/, 'must be a Content-ID without angle brackets')
    .nullable(),
});
export type MailBranding = z.infer<typeof MailBranding>;
