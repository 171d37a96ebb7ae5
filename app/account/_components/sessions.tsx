"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { request } from "@/app/_client/checked-fetch";
import { type OwnSession, ownSession } from "@/lib/access/access-schema";
import type { Translate } from "../../_messages/translate";
import { useTranslate } from "../../_messages/use-translate";
import { Button } from "../../ui/buttons";
import { Card } from "../../ui/cards";
import { Table } from "../../ui/table";
import { sayError } from "../../ui/toast";
import { When } from "../../ui/when";

/** Where one is signed in, and out of there. */
export function Sessions({ sessions: given, now }: { sessions: OwnSession[]; now: number }) {
  const t = useTranslate();
  const [sessions, setSessions] = useState(given);
  const end = useMutation({
    mutationFn: (path: string) => request(path, z.array(ownSession), { method: "DELETE" }),
    onSuccess: setSessions,
    onError: (error) => void sayError(error.message),
  });
  return (
    <Card
      title={t("access.signedIn")}
      action={
        sessions.length > 1 && (
          <Button onClick={() => end.mutate("/api/sessions")}>{t("access.signOutElsewhere")}</Button>
        )
      }
    >
      <section className="overflow-x-auto" tabIndex={0} aria-label={t("access.sessionsTable")}>
        <Table
          rows={sessions}
          keyOf={({ id }) => id}
          className="min-w-[40rem]"
          columns={[
            {
              name: t("access.browser"),
              cell: ({ device, current }) => (current ? t("access.thisOne") : browserOf(device, t)),
            },
            { name: t("access.address"), cell: ({ address }) => address ?? "–" },
            {
              name: t("access.since"),
              cell: ({ createdAt }) => <When at={createdAt} now={now} language={t.language} />,
            },
            {
              ...{ name: t("access.signOut"), silent: true },
              cell: ({ id, current }) =>
                !current && (
                  <Button kind="quiet" onClick={() => end.mutate(`/api/sessions/${id}`)}>
                    {t("access.signOut")}
                  </Button>
                ),
            },
          ]}
        />
      </section>
    </Card>
  );
}

/** "Firefox on Linux", as far as its own words tell. */
function browserOf(words: string | null, t: Translate): string {
  const first = (names: [RegExp, string][]) => names.find(([pattern]) => pattern.test(words ?? ""))?.[1];
  const browser = first([
    [/Edg\//, "Edge"],
    [/Firefox\//, "Firefox"],
    [/Chrome\//, "Chrome"],
    [/Safari\//, "Safari"],
  ]);
  const system = first([
    [/Android/, "Android"],
    [/iPhone|iPad/, "iOS"],
    [/Windows/, "Windows"],
    [/Mac OS/, "macOS"],
    [/Linux/, "Linux"],
  ]);
  const program = browser ?? t("access.otherProgram");
  return system ? t("access.browserOn", { browser: program, system }) : program;
}
