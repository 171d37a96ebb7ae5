"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { type Erased, erased } from "@/lib/personal-data/erase-schema";
import { Field } from "../../_access/field";
import { Button } from "../../ui/buttons";
import { Problem } from "../../ui/cards";
import { Confirm } from "../../ui/confirm";
import { Dialog } from "../../ui/dialog";

interface Props {
  person: { id: number; name: string };
  onClose: () => void;
}

/** Asks for somebody's name before they are erased, and then says where it still stands. */
export function ErasePerson({ person: { id, name }, onClose }: Props) {
  const router = useRouter();
  const [typed, setTyped] = useState("");
  const erase = useMutation({ mutationFn: () => send("DELETE", `/api/people/${id}`, { name: typed }, erased) });
  const close = () => {
    onClose();
    if (erase.data) router.refresh(); // not before: the row that has this window becomes another's
  };
  if (erase.data) return <Remains name={name} erased={erase.data} onClose={close} />;
  return (
    <Confirm
      title={`Erase ${name}?`}
      yes={erase.isPending ? "Erasing…" : "Erase"}
      deletes
      disabled={typed.trim() !== name || erase.isPending}
      onYes={() => erase.mutate()}
      onClose={onClose}
    >
      <ul className="grid list-disc gap-1 pl-5">
        <li>Account, sessions, tokens, passkeys and open invitations go.</li>
        <li>Another name stands wherever {name} is named: on votes, comments, notes, runs and in the audit log.</li>
        <li>Votes stay and count as before, in agreement, reliability and the work report too.</li>
        <li>
          Backups, replicas and files that were exported before keep the name; what there is of them is listed next.
        </li>
      </ul>
      <p className="mt-3 text-soft">This cannot be undone.</p>
      <Field label={`Type ${name} to confirm`} value={typed} onChange={({ target }) => setTyped(target.value)} />
      {erase.error && (
        <div className="mt-3">
          <Problem error={erase.error} />
        </div>
      )}
    </Confirm>
  );
}

const Remains = ({ name, erased, onClose }: { name: string; erased: Erased; onClose: () => void }) => (
  <Dialog title={`${name} is erased`} onClose={onClose}>
    <p className="mt-3">Their annotations are those of {erased.name} from now on.</p>
    {erased.remains.length > 0 && (
      <>
        <p className="mt-3 font-medium">Where the name still stands</p>
        <ul className="wrap-anywhere mt-1 grid list-disc gap-1 pl-5">
          {erased.remains.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </>
    )}
    <p className="mt-4 flex justify-end">
      <Button kind="primary" onClick={onClose}>
        Done
      </Button>
    </p>
  </Dialog>
);
