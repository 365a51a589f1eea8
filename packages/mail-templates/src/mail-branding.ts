import { hexColor } from '@signet/domain/contrast';
import { z } from 'zod';

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
  /** The logo that is attached inline, by its Content-ID without angle brackets, and its size in CSS pixels; null shows the organization's name instead. */
  logo: z
    .strictObject({
      cid: z
        .string()
        .max(250)
        .regex(/^[\w.!#$&*+=^{}~@-]+$/, 'must be a Content-ID without angle brackets'),
      width: z.int().positive().max(600),
      height: z.int().positive().max(600),
    })
    .nullable(),
});
export type MailBranding = z.infer<typeof MailBranding>;
