"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { settingsChange, settingsNow } from "@/lib/settings/settings-schema";
import { Button } from "../../ui/buttons";
import { Typed } from "../../ui/setting";
import { say } from "../../ui/toast";
import { useHydrated } from "../../ui/use-hydrated";

/** For how many days a team keeps what says who was where; null: for ever. */
export function Retention({ chosen }: { chosen: number | null }) {
  const hydrated = useHydrated();
  const router = useRouter();
  const [typed, setTyped] = useState(String(chosen ?? ""));
  const days = typed.trim() === "" ? null : Number(typed);
  const read = settingsChange.safeParse({ retentionDays: days });
  const save = useMutation({
    mutationFn: () => send("PATCH", "/api/settings", { retentionDays: days }, settingsNow),
    onSuccess: ({ retentionDays }) => {
      void say(
        retentionDays === null
          ? "Audit log and sessions are kept forever."
          : `Audit log and sessions are kept for ${retentionDays} ${retentionDays === 1 ? "day" : "days"}.`,
      );
      router.refresh();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (read.success) save.mutate();
      }}
    >
      <fieldset disabled={!hydrated} className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <Typed
            label="Days that the audit log and sessions are kept"
            about="What is older is removed within a day, for good; the audit log says how much. Empty: nothing is."
            value={typed}
            problem={read.error?.issues[0]?.message ?? save.error?.message}
            onChange={(value) => {
              setTyped(value);
              save.reset();
            }}
          />
        </div>
        <Button type="submit" className="mt-7" disabled={!read.success || save.isPending || days === chosen}>
          Change
        </Button>
      </fieldset>
    </form>
  );
}
