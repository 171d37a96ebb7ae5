"use client";

import { type KeyboardEvent, useId, useState } from "react";

export interface Suggestion {
  value: string;
  /** Shown under its value. */
  about?: string;
}

interface Props {
  id: string;
  value: string;
  suggestions: Suggestion[];
  /** The accessible name of the list. */
  label: string;
  onChange: (value: string) => void;
  describedBy?: string;
  invalid?: boolean;
}

/** Free text with suggestions: all of them when it opens, then those that contain the typed text. */
export function Combobox({ id, value, suggestions, label, onChange, describedBy, invalid = false }: Props) {
  const list = useId();
  const [state, setState] = useState<"closed" | "all" | "typed">("closed");
  const [active, setActive] = useState(-1);
  const shown = state === "all" ? suggestions : suggestions.filter((one) => holds(one, value));
  const open = state !== "closed" && shown.length > 0;
  const close = () => {
    setState("closed");
    setActive(-1);
  };
  const choose = (chosen: Suggestion | undefined) => {
    if (chosen) onChange(chosen.value);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      if (!open) setState("all");
      else setActive((active + move + shown.length) % shown.length);
    } else if (open && event.key === "Escape") close();
    else if (open && event.key === "Enter") {
      event.preventDefault(); // Enter picks an option and does not submit the form
      choose(shown[active]);
    }
  };
  return (
    <div className="relative">
      <input
        id={id}
        role="combobox"
        type="text"
        autoComplete="off"
        spellCheck={false}
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={list}
        aria-activedescendant={open && active >= 0 ? `${list}-${active}` : undefined}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          setState("typed");
          setActive(-1);
        }}
        onClick={() => setState("all")}
        onBlur={close}
        onKeyDown={onKeyDown}
        className="w-full rounded-md border bg-canvas px-3 py-2 aria-invalid:border-bad"
      />
      <div
        id={list}
        role="listbox"
        aria-label={label}
        hidden={!open}
        className="absolute inset-x-0 top-full z-20 mt-1 max-h-72 overflow-y-auto rounded-md border bg-surface p-1 shadow-lg"
      >
        {shown.map((one, i) => (
          <div
            key={one.value}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === active}
            tabIndex={-1}
            onMouseDown={(event) => {
              event.preventDefault(); // the field keeps the focus
              choose(one);
            }}
            className="cursor-pointer rounded px-2 py-1.5 hover:bg-raised aria-selected:bg-accent-wash"
          >
            <span className="break-all">{one.value}</span>
            {one.about && <span className="block text-soft text-xs">{one.about}</span>}
          </div>
        ))}
      </div>
    </div>
  );
}

const holds = ({ value, about = "" }: Suggestion, typed: string) =>
  `${value} ${about}`.toLowerCase().includes(typed.trim().toLowerCase());
