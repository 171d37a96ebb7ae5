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

interface Props {
  setting: "runsAtOnce" | "retentionDays";
  /** Null where it is empty. */
  chosen: number | null;
  label: string;
  about: string;
  /** What is told once it is saved. */
  saved: (value: number | null) => string;
}

/** A setting of the workbench that is a number, saved by itself. */
export function NumberSetting({ setting, chosen, label, about, saved }: Props) {
  const hydrated = useHydrated();
  const router = useRouter();
  const [typed, setTyped] = useState(String(chosen ?? ""));
  const value = typed.trim() === "" ? null : Number(typed);
  const read = settingsChange.safeParse({ [setting]: value });
  const save = useMutation({
    mutationFn: () => send("PATCH", "/api/settings", { [setting]: value }, settingsNow),
    onSuccess: (now) => {
      void say(saved(now[setting]));
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
            label={label}
            about={about}
            value={typed}
            problem={read.error?.issues[0]?.message ?? save.error?.message}
            onChange={(value) => {
              setTyped(value);
              save.reset();
            }}
          />
        </div>
        <Button type="submit" className="mt-7" disabled={!read.success || save.isPending || value === chosen}>
          Change
        </Button>
      </fieldset>
    </form>
  );
}
