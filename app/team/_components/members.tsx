"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { membersQuery } from "@/app/_client/queries";
import { invited, type MembersNow, membersNow } from "@/lib/access/access-schema";
import type { Role } from "@/spec/roles";
import { Button, buttonClass } from "../../ui/buttons";
import { Card, Problem } from "../../ui/cards";
import { Link as PageLink } from "../../ui/link";
import { Table } from "../../ui/table";
import { say, sayError } from "../../ui/toast";
import { When } from "../../ui/when";
import { AddressCell } from "./address-cell";
import { Invite } from "./invite";
import { type Made, MadeLink } from "./made-link";
import { OpenInvitations } from "./open-invitations";
import { RoleChoice } from "./role-choice";

type Member = MembersNow["members"][number];

/** Accounts: who has one, with what role; invitations. For owners. */
export function Members({
  self,
  annotators,
  provider,
  mails,
  now,
}: {
  self: string;
  annotators: { id: number; name: string }[];
  /** Of single sign-on. */
  provider: string | null;
  /** Whether this workbench sends mail. */
  mails: boolean;
  now: number;
}) {
  const client = useQueryClient();
  const { data, error } = useQuery(membersQuery);
  const [link, setLink] = useState<Made | null>(null);
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
  const disconnect = useMutation({
    mutationFn: ({ id }: Member) => send("DELETE", `/api/team/${id}/connection`, {}, membersNow),
    onSuccess: (next, { id, name }) => {
      settle.onSuccess(next);
      void say(`${name} is disconnected${id === self ? "" : ", and signed out everywhere"}.`);
    },
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
            ...(mails ? [{ name: "E-mail address", cell: (member: Member) => <AddressCell member={member} /> }] : []),
            ...(provider !== null || data.members.some(({ connected }) => connected)
              ? [
                  {
                    name: provider ?? "Single sign-on",
                    cell: ({ connected }: Member) => (connected ? "connected" : "–"),
                  },
                ]
              : []),
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
                  {member.connected && (
                    <Button
                      kind="quiet"
                      title={`${provider ?? "Single sign-on"} lets ${member.name} in no more`}
                      onClick={() => disconnect.mutate(member)}
                    >
                      Disconnect
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
        takesAddress={provider !== null || mails}
        onInvited={(made) => {
          setLink(made);
          void client.invalidateQueries({ queryKey: membersQuery.queryKey });
        }}
      />
      {link && <MadeLink key={link.link} {...link} />}
      <OpenInvitations open={data.invitations} />
    </Card>
  );
}
