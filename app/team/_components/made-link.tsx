"use client";

import { Button } from "../../ui/buttons";
import { copyText } from "../../ui/copy-text";

/** A link that was just made. */
export const MadeLink = ({ for: whom, link }: { for: string; link: string }) => (
  <div role="status" className="mt-3 rounded-md border p-3">
    <p className="text-sm">For {whom}. It is shown once:</p>
    <p className="mt-1 flex flex-wrap items-center gap-2">
      <code className="min-w-0 break-all font-mono text-xs">{link}</code>
      <Button onClick={() => void copyText(link, "The link is copied.")}>Copy</Button>
    </p>
  </div>
);
