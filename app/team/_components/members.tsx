"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { request, send } from "@/app/_client/checked-fetch";
import { membersQuery } from "@/app/_client/queries";
import { invited, type MembersNow, membersNow } from "@/lib/access/access-schema";
import { type Role, roleAbout } from "@/spec/roles";
import { Button, buttonClass } from "../../ui/buttons";
import { Card, Problem } from "../../ui/cards";
import { copyText } from "../../ui/copy-text";
import { Link as PageLink } from "../../ui/link";
import { Table } from "../../ui/table";
import { sayError } from "../../ui/toast";
import { When } from "../../ui/when";
import { RoleChoice } from "./role-choice";

type Member = MembersNow["members"][number];
const dateWords = (at: number) => new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" }).format(at);
const box = "rounded-md border bg-canvas px-2 py-1.5";

/** Accounts: who has one, with what role; invitations. For owners. */
export function Members({
  self,
  annotators,
  provider,
  now,
}: {
  self: string;
  annotators: { id: number; name: string }[];
  /** Of single sign-on. */
  provider: string | null;
  now: number;
}) {
  const client = useQueryClient();
  const { data, error } = useQuery(membersQuery);
  const [link, setLink] = useState<{ for: string; link: string } | null>(null);
  const settle = {
    onSuccess: (next: MembersNow) => client.setQueryData(membersQuery.queryKey, next),
    onError: (problem: Error) => void sayError(problem.message),
  };
  const change = useMutation({
    mutationFn: ({ id, ...what }: { id: string; role?: Role; deactivated?: boolean }) =>
      send("PATCH", `/api/team/${id}`, what, membersNow),
    ...settle,
  });
  const reset = useMutation({
    mutationFn: ({ id }: Member) => send("POST", `/api/team/${id}/password`, {}, invited),
    onSuccess: (made, { name }) => setLink({ for: `${name}, to choose a new password within a day`, ...made }),
    onError: settle.onError,
  });
  const lostStep = useMutation({
    mutationFn: ({ id }: Member) => send("POST", `/api/team/${id}/second-step`, {}, invited),
    onSuccess: (made, { name }) =>
      setLink({ for: `${name}, to choose a new password and sign in without a code, within a day`, ...made }),
    onError: settle.onError,
  });
  if (error) return <Problem error={error} />;
  if (!data) return null;
  return (
    <Card
      title="Accounts"
      action={
        <PageLink href="/team/audit" className={buttonClass()}>
          Audit log
        </PageLink>
      }
    >
      <section className="overflow-x-auto" tabIndex={0} aria-label="Accounts: table">
        <Table
          rows={data.members}
          keyOf={({ id }) => id}
          className="min-w-[44rem]"
          columns={[
            { name: "Name", cell: ({ name, id }) => (id === self ? `${name} (you)` : name) },
            {
              name: "Role",
              cell: ({ id, name, role }) => (
                <RoleChoice label={`Role of ${name}`} role={role} onChoose={(role) => change.mutate({ id, role })} />
              ),
            },
            { name: "Last seen", cell: ({ seenAt }) => (seenAt === null ? "–" : <When at={seenAt} now={now} />) },
            {
              ...{ name: "Actions", silent: true },
              cell: (member) => (
                <span className="flex justify-end gap-1">
                  <Button kind="quiet" onClick={() => reset.mutate(member)}>
                    New password
                  </Button>
                  {member.secondStep && (
                    <Button kind="quiet" onClick={() => lostStep.mutate(member)}>
                      Lost phone
                    </Button>
                  )}
                  {member.id !== self && (
                    <Button
                      kind="quiet"
                      onClick={() => change.mutate({ id: member.id, deactivated: member.deactivatedAt === null })}
                    >
                      {member.deactivatedAt === null ? "Deactivate" : "Let in again"}
                    </Button>
                  )}
                </span>
              ),
            },
          ]}
        />
      </section>
      <Invite
        annotators={annotators}
        provider={provider}
        onInvited={(made) => {
          setLink(made);
          void client.invalidateQueries({ queryKey: membersQuery.queryKey });
        }}
      />
      {link && <Link {...link} />}
      <Invitations open={data.invitations} />
    </Card>
  );
}

interface InviteProps {
  annotators: { id: number; name: string }[];
  provider: string | null;
  onInvited: (made: { for: string; link: string }) => void;
}

function Invite({ annotators, provider, onInvited }: InviteProps) {
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
      {provider !== null && (
        <label className="grid gap-1 text-sm">
          E-mail address at {provider}
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

const Link = ({ for: whom, link }: { for: string; link: string }) => (
  <div role="status" className="mt-3 rounded-md border p-3">
    <p className="text-sm">For {whom}. It is shown once:</p>
    <p className="mt-1 flex flex-wrap items-center gap-2">
      <code className="min-w-0 break-all font-mono text-xs">{link}</code>
      <Button onClick={() => void copyText(link, "The link is copied.")}>Copy</Button>
    </p>
  </div>
);

function Invitations({ open }: { open: MembersNow["invitations"] }) {
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
