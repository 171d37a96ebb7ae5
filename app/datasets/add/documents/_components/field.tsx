import { type ReactNode, useId } from "react";

export const box = "w-full min-w-0 rounded-md border bg-canvas px-3 py-2";

export function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="grid min-w-0 content-start gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children(id)}
    </div>
  );
}
