"use client";

import { useMutation } from "@tanstack/react-query";
import { send } from "@/app/_client/checked-fetch";
import { mailedTo } from "@/lib/access/access-schema";
import { Button } from "../../ui/buttons";
import { Problem } from "../../ui/cards";
import { copyText } from "../../ui/copy-text";
import { say } from "../../ui/toast";

export interface Made {
  /** Whom it is for, in words. */
  for: string;
  link: string;
  /** The address that it can be mailed to; null where it can be to none. */
  mailTo: string | null;
}

/** A link that was just made. */
export function MadeLink({ for: whom, link, mailTo }: Made) {
  const mail = useMutation({
    mutationFn: () =>
      send("POST", "/api/team/invitations/mail", { token: link.slice(link.lastIndexOf("/") + 1) }, mailedTo),
    onSuccess: ({ to }) => void say(`The link is sent to ${to}.`),
  });
  return (
    <div role="status" className="mt-3 rounded-md border p-3">
      <p className="text-sm">For {whom}. It is shown once:</p>
      <p className="mt-1 flex flex-wrap items-center gap-2">
        <code className="min-w-0 break-all font-mono text-xs">{link}</code>
        <Button onClick={() => void copyText(link, "The link is copied.")}>Copy</Button>
        {mailTo !== null && (
          <Button disabled={mail.isPending} title={`To ${mailTo}`} onClick={() => mail.mutate()}>
            {mail.isPending ? "Sending…" : "Send by mail"}
          </Button>
        )}
      </p>
      {mail.error && (
        <div className="mt-2">
          <Problem error={mail.error} />
        </div>
      )}
    </div>
  );
}
