'use client';

import { Keyboard } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog, DialogContent, DialogTrigger } from '../../../components/ui/dialog.tsx';
import { Label } from '../../../components/ui/label.tsx';
import { Switch } from '../../../components/ui/switch.tsx';
import { moveInList, shortcutOf } from './shortcut.ts';

const STORE = 'signet-shortcuts';
const CHANGED = 'signet-shortcuts-changed';

const keys = [
  { name: 'search', keys: ['/'] },
  { name: 'down', keys: ['j', '↓'] },
  { name: 'up', keys: ['k', '↑'] },
  { name: 'open', keys: ['Enter'] },
  { name: 'map', keys: ['?'] },
] as const;

function listen(notify: () => void): () => void {
  window.addEventListener('storage', notify);
  window.addEventListener(CHANGED, notify);
  return () => {
    window.removeEventListener('storage', notify);
    window.removeEventListener(CHANGED, notify);
  };
}

/** Whether single keys do something; kept per browser. Where storing is forbidden they do. */
function areOn(): boolean {
  try {
    return window.localStorage.getItem(STORE) !== 'off';
  } catch {
    return true;
  }
}

function switchKeys(on: boolean): void {
  try {
    window.localStorage.setItem(STORE, on ? 'on' : 'off');
  } catch {
    // Nothing is kept: the switch stays as it is, and shows so.
  }
  window.dispatchEvent(new Event(CHANGED));
}

/** Single keys that do something on every page, what they do, and the switch that turns them off (WCAG 2.2, 2.1.4). */
export function KeyboardMap() {
  const t = useTranslations('admin.keyboard');
  const common = useTranslations('common');
  const [open, setOpen] = useState(false);
  const on = useSyncExternalStore(listen, areOn, () => true);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event, on);
      if (shortcut === null) return;
      const done = act(shortcut, () => setOpen(true));
      if (done) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [on]);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="ghost" size="small">
          <Keyboard aria-hidden />
          {t('open')}
        </Button>
      </DialogTrigger>
      <DialogContent title={t('title')} description={t('text')} closeLabel={common('close')}>
        <dl className="divide-y divide-line text-sm">
          {keys.map((line) => (
            <div key={line.name} className="flex items-center justify-between gap-4 py-2">
              <dt>{t(`does.${line.name}`)}</dt>
              <dd className="flex gap-1.5">
                {line.keys.map((key) => (
                  <kbd key={key} className="min-w-7 rounded-md border border-edge/60 bg-raised px-1.5 py-0.5 text-center font-mono text-xs">
                    {key}
                  </kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <div className="mt-5 flex items-center justify-between gap-4 rounded-lg bg-raised px-3.5 py-3">
          <Label htmlFor="single-keys">{t('switch')}</Label>
          <Switch id="single-keys" checked={on} onCheckedChange={switchKeys} />
        </div>
      </DialogContent>
    </Dialog>
  );
}

/** @returns whether there was something to do. */
function act(shortcut: NonNullable<ReturnType<typeof shortcutOf>>, openMap: () => void): boolean {
  if (shortcut === 'map') {
    openMap();
    return true;
  }
  if (shortcut === 'search') {
    const box = document.querySelector<HTMLInputElement>('input[aria-keyshortcuts="/"]');
    box?.focus();
    box?.select();
    return box !== null;
  }
  return moveInList(document, shortcut);
}
