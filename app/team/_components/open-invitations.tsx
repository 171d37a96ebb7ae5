"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { request } from "@/app/_client/checked-fetch";
import { membersQuery } from "@/app/_client/queries";
import type { MembersNow } from "@/lib/access/access-schema";
import { Button } from "../../ui/buttons";
import { sayError } from "../../ui/toast";

const dateWords = (at: number) => new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" }).format(at);

/** Links that nobody has used yet. */
export function OpenInvitations({ open }: { open: MembersNow["invitations"] }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: number) => request(`/api/team/invitations/${id}`, z.null(), { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: membersQuery.queryKey }),
    onError: (error) => void sayError(error.message),
  });
  if (open.length === 0) return null;
  return (
    <>
      <h3 className="mt-4 text-sm">Open invitations</h3>
      <ul className="mt-1 grid gap-1">
        {open.map(({ id, role, note, email, for: whom, expiresAt }) => (
          <li key={id} className="flex items-center gap-2">
            <span>
              {whom ? `${whom}: new password` : [note, email].filter(Boolean).join(", ") || "No note"}, {role}, until{" "}
              {dateWords(expiresAt)}
            </span>
            <Button kind="quiet" onClick={() => revoke.mutate(id)}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
