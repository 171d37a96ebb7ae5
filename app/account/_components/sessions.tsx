"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { request } from "@/app/_client/checked-fetch";
import { type OwnSession, ownSession } from "@/lib/access/access-schema";
import { Button } from "../../ui/buttons";
import { Card } from "../../ui/cards";
import { Table } from "../../ui/table";
import { sayError } from "../../ui/toast";
import { When } from "../../ui/when";

/** Where one is signed in, and out of there. */
export function Sessions({ sessions: given, now }: { sessions: OwnSession[]; now: number }) {
  const [sessions, setSessions] = useState(given);
  const end = useMutation({
    mutationFn: (path: string) => request(path, z.array(ownSession), { method: "DELETE" }),
    onSuccess: setSessions,
    onError: (error) => void sayError(error.message),
  });
  return (
    <Card
      title="Signed in"
      action={
        sessions.length > 1 && <Button onClick={() => end.mutate("/api/sessions")}>Sign out everywhere else</Button>
      }
    >
      <section className="overflow-x-auto" tabIndex={0} aria-label="Sessions: table">
        <Table
          rows={sessions}
          keyOf={({ id }) => id}
          className="min-w-[40rem]"
          columns={[
            { name: "Browser", cell: ({ device, current }) => (current ? "This one" : browserOf(device)) },
            { name: "Address", cell: ({ address }) => address ?? "–" },
            { name: "Since", cell: ({ createdAt }) => <When at={createdAt} now={now} /> },
            {
              ...{ name: "Sign out", silent: true },
              cell: ({ id, current }) =>
                !current && (
                  <Button kind="quiet" onClick={() => end.mutate(`/api/sessions/${id}`)}>
                    Sign out
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
function browserOf(words: string | null): string {
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
  return [browser ?? "Another program", system].filter(Boolean).join(" on ");
}
