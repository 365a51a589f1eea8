import { recordId } from '@signet/domain/audit/entry';
import { touchSigns, touchVerdicts } from '@signet/domain/audit/touch-verdict';
import { z } from 'zod';

/** Who probably touched a link, or asked for a passcode. It stands beside the entries, which hold signals alone: it is no part of what the log proves. */
export const judgedTouches = z
  .array(
    z
      .strictObject({
        entryId: recordId.meta({ description: 'The entry that it is about: one of `items`.' }),
        verdict: z.enum(touchVerdicts),
        rules: z.int().positive().meta({ description: 'The version of the rules by which it was judged, just now.' }),
        because: z.array(z.enum(touchSigns)).meta({ description: 'The signs that it rests on.' }),
      })
      .meta({ id: 'JudgedTouch' }),
  )
  .meta({
    description:
      'Who probably touched a link (`LinkTouch`) or asked for a passcode (`PasscodeSend`), by the signals in the entry: derived at each reading, recorded nowhere. A touch is never a reading, whatever is said of it here.',
  });
export type JudgedTouches = z.infer<typeof judgedTouches>;
