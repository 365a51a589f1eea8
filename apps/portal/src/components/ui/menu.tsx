'use client';

import { DropdownMenu as Primitive } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from '../class-names.ts';

export const MenuTrigger = Primitive.Trigger;

interface MenuProps {
  /** The button that opens it, as a `MenuTrigger`. */
  readonly trigger: ReactNode;
  readonly children: ReactNode;
}

/** A list of acts behind a button; arrows go through it. Not modal: an act may open a dialog. */
export function Menu({ trigger, children }: MenuProps) {
  return (
    <Primitive.Root modal={false}>
      {trigger}
      <Primitive.Portal>
        <Primitive.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-30 min-w-48 rounded-xl border border-line bg-surface p-1 shadow-lg"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

type MenuItemProps = ComponentProps<typeof Primitive.Item> & { readonly tone?: 'danger' };

/** One act of a menu. */
export function MenuItem({ tone, className, ...props }: MenuItemProps) {
  return (
    <Primitive.Item
      className={classNames(
        'flex min-h-10 cursor-pointer items-center rounded-lg px-3 text-sm outline-none select-none data-[highlighted]:bg-raised sm:min-h-8',
        tone === 'danger' && 'text-danger',
        className,
      )}
      {...props}
    />
  );
}

/** Parts acts that destroy from those that do not. */
export function MenuSeparator() {
  return <Primitive.Separator className="my-1 h-px bg-line" />;
}
