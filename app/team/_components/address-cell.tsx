"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { send } from "@/app/_client/checked-fetch";
import { membersQuery } from "@/app/_client/queries";
import { type MembersNow, membersNow } from "@/lib/access/access-schema";
import { Button } from "../../ui/buttons";
import { EditableText } from "../../ui/editable-text";
import { sayError } from "../../ui/toast";

/** Where links are mailed to, once an owner has said that the address is theirs. */
export function AddressCell({ member }: { member: MembersNow["members"][number] }) {
  const { id, name, email, emailConfirmed } = member;
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (typed: string) =>
      send("POST", `/api/team/${id}/email`, { email: typed.trim() === "" ? null : typed.trim() }, membersNow),
    onSuccess: (next) => client.setQueryData(membersQuery.queryKey, next),
    onError: (error) => void sayError(error.message),
  });
  return (
    <span className="flex items-center gap-2">
      <EditableText
        value={email ?? ""}
        label={`E-mail address of ${name}`}
        placeholder="none"
        maxLength={200}
        onSave={mutate}
        needs="administer"
      />
      {email !== null && !emailConfirmed && (
        <Button
          kind="quiet"
          title={`${name} typed it. Confirm it if you know it to be theirs: whoever reads its mail can choose their password.`}
          onClick={() => mutate(email)}
        >
          Confirm
        </Button>
      )}
    </span>
  );
}
