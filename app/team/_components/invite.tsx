"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { invited } from "@/lib/access/access-schema";
import { type Role, roleAbout } from "@/spec/roles";
import { Button } from "../../ui/buttons";
import { sayError } from "../../ui/toast";
import type { Made } from "./made-link";
import { RoleChoice } from "./role-choice";

const box = "rounded-md border bg-canvas px-2 py-1.5";

interface Props {
  annotators: { id: number; name: string }[];
  /** Whether somebody can join by an address at the team's provider, or be sent the link. */
  takesAddress: boolean;
  onInvited: (made: Made) => void;
}

/** Makes a link by which somebody joins. */
export function Invite({ annotators, takesAddress, onInvited }: Props) {
  const [role, setRole] = useState<Role>("annotator");
  const [note, setNote] = useState("");
  const [email, setEmail] = useState("");
  const [annotatorId, setAnnotatorId] = useState<number | null>(null);
  const make = useMutation({
    mutationFn: () =>
      send("POST", "/api/team", { role, note: note.trim() || null, email: email.trim() || null, annotatorId }, invited),
    onSuccess: (made) => {
      onInvited({ for: `${note.trim() || "whoever opens it"}, as ${role}, within 7 days`, ...made });
      setNote("");
      setEmail("");
      setAnnotatorId(null);
    },
    onError: (error) => void sayError(error.message),
  });
  return (
    <form
      className="mt-4 flex flex-wrap items-end gap-3 border-t pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <label className="grid gap-1 text-sm">
        Invite (a note for yourself)
        <input value={note} maxLength={100} onChange={({ target }) => setNote(target.value)} className={box} />
      </label>
      {takesAddress && (
        <label className="grid gap-1 text-sm">
          E-mail address
          <input type="email" value={email} onChange={({ target }) => setEmail(target.value)} className={box} />
        </label>
      )}
      <div className="grid gap-1 text-sm">
        <span>as</span>
        <RoleChoice label="Role of the invitation" role={role} onChoose={setRole} />
      </div>
      {annotators.length > 0 && (
        <label className="grid gap-1 text-sm">
          with the annotations of
          <select
            value={annotatorId ?? ""}
            onChange={({ target }) => setAnnotatorId(target.value === "" ? null : Number(target.value))}
            className={box}
          >
            <option value="">nobody yet</option>
            {annotators.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <Button type="submit" kind="primary" disabled={make.isPending}>
        Make a link
      </Button>
      <p className="w-full text-soft text-sm">
        {role}: {roleAbout[role]}.
      </p>
    </form>
  );
}
