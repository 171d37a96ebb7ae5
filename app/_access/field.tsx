import type { InputHTMLAttributes } from "react";
import { useTranslate } from "../_messages/use-translate";

/** A labelled input of a form about accounts. */
export function Field({
  label,
  help,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & { label: string; help?: string }) {
  return (
    <label className="mt-4 block font-medium">
      {label}
      <input required {...rest} className="mt-1 block w-full rounded-md border bg-canvas px-3 py-2 font-normal" />
      {help && <span className="mt-1 block font-normal text-soft text-xs">{help}</span>}
    </label>
  );
}

/** The six digits that an authenticator app shows. */
export const CodeField = (rest: InputHTMLAttributes<HTMLInputElement>) => (
  <Field
    label={useTranslate()("access.code")}
    name="code"
    inputMode="numeric"
    autoComplete="one-time-code"
    pattern="[0-9]{6}"
    maxLength={6}
    {...rest}
  />
);

/** What stands alone on a page, in its middle. */
export const formClass = "mx-auto mt-[10vh] max-w-sm rounded-md border bg-surface p-6";
