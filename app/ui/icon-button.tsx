import type { ComponentProps } from "react";

/** A button that is an icon, named for those who do not see it and on hover. */
export function IconButton({
  label,
  className = "",
  ...rest
}: Omit<ComponentProps<"button">, "aria-label" | "title"> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`inline-flex size-7 shrink-0 items-center justify-center rounded-md text-soft hover:bg-raised hover:text-ink ${className}`}
      {...rest}
    />
  );
}
