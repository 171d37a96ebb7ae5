"use client";

import { Ellipsis } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { Button } from "../../ui/buttons";
import { menuClass, menuItemClass } from "../../ui/menu-look";
import { ErasePerson } from "./erase-person";

interface Props {
  person: { id: number; name: string };
  /** Nobody erases themselves, nor anybody twice. */
  canErase: boolean;
}

/** What owners do with what is stored about somebody. */
export function PersonMenu({ person, canErase }: Props) {
  const [erasing, setErasing] = useState(false);
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <Button data-needs="administer" kind="quiet" aria-label={`Actions for ${person.name}`} className="px-2!">
            <Ellipsis size={16} aria-hidden />
          </Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align="end" className={menuClass}>
            <DropdownMenu.Item asChild className={menuItemClass}>
              <a href={`/api/people/${person.id}/export`} download>
                Export personal data
              </a>
            </DropdownMenu.Item>
            {canErase && (
              <DropdownMenu.Item className={`${menuItemClass} text-bad`} onSelect={() => setErasing(true)}>
                Erase…
              </DropdownMenu.Item>
            )}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {erasing && <ErasePerson person={person} onClose={() => setErasing(false)} />}
    </>
  );
}
