import { useEffect, useRef } from 'react';
import type { Press } from '@signet/domain/audit/touch-signals';

/**
 * Tells with its form how the button was pressed: by a person's device, or by a script, as mail scanners do that try every button. Without
 * script it is empty, and says nothing. It decides nothing here.
 */
export function PressField() {
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const input = field.current;
    const form = input?.form;
    if (input === null || form === null || form === undefined) return undefined;
    const seeClick = (event: MouseEvent) => {
      input.value = pressOf(event);
    };
    const seeSubmit = () => {
      // Nothing was clicked: Enter in a form clicks its button as well.
      if (input.value === '') input.value = 'script' satisfies Press;
    };
    form.addEventListener('click', seeClick, { capture: true });
    form.addEventListener('submit', seeSubmit, { capture: true });
    return () => {
      form.removeEventListener('click', seeClick, { capture: true });
      form.removeEventListener('submit', seeSubmit, { capture: true });
    };
  }, []);

  return <input ref={field} type="hidden" name="press" defaultValue="" />;
}

/** Keys, voices and readers of screens click without a pointer, and are trusted as a hand is. */
function pressOf(event: MouseEvent): Press {
  if (!event.isTrusted) return 'script';
  const pointer = 'pointerType' in event ? event.pointerType : '';
  return pointer === 'mouse' || pointer === 'touch' || pointer === 'pen' ? pointer : 'keys';
}
