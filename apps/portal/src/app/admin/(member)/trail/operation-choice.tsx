'use client';

import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { Checkbox } from '../../../../components/ui/checkbox.tsx';
import { filterChoice } from '../filter-panel.tsx';

interface OperationChoiceProps {
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly chosen: readonly string[];
  readonly words: { readonly label: string; readonly any: string; readonly fault: string | undefined };
}

const FAULT = 'trail-operation-fault';

/** Steps of which any will do: the names of those that are ticked unfold to all that there are. */
export function OperationChoice({ choices, chosen, words }: OperationChoiceProps) {
  const [ticked, setTicked] = useState<readonly string[]>(chosen);
  const names = choices.filter(({ value }) => ticked.includes(value)).map(({ label }) => label);
  const said = names.length === 0 ? words.any : names.join(', ');
  return (
    <fieldset className="min-w-0">
      <legend className="text-sm font-medium">{words.label}</legend>
      <details className="group/steps mt-1">
        <summary
          aria-label={`${words.label}: ${said}`}
          {...(words.fault === undefined ? {} : { 'aria-describedby': FAULT })}
          className={`${filterChoice} flex cursor-pointer list-none items-center justify-between gap-2 [&::-webkit-details-marker]:hidden`}
        >
          <span className="truncate">{said}</span>
          <ChevronDown aria-hidden className="size-4 shrink-0 text-quiet group-open/steps:rotate-180" />
        </summary>
        <div className="mt-1 max-h-72 overflow-y-auto rounded-lg border border-line py-1">
          {choices.map(({ value, label }) => (
            <Checkbox
              key={value}
              name="operation"
              value={value}
              label={label}
              checked={ticked.includes(value)}
              onChange={({ target }) => setTicked(target.checked ? [...ticked, value] : ticked.filter((other) => other !== value))}
            />
          ))}
        </div>
      </details>
      {words.fault === undefined ? null : (
        <p id={FAULT} className="mt-1 text-xs text-danger">
          {words.fault}
        </p>
      )}
    </fieldset>
  );
}
