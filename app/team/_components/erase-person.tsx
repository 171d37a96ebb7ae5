"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { erasurePlanQuery } from "@/app/_client/queries";
import { type Erased, erased } from "@/lib/personal-data/erase-schema";
import { Field } from "../../_access/field";
import { Button } from "../../ui/buttons";
import { Problem } from "../../ui/cards";
import { Confirm } from "../../ui/confirm";
import { Dialog } from "../../ui/dialog";
import { NamedPlaces } from "./named-places";

interface Props {
  person: { id: number; name: string };
  onClose: () => void;
}

/** Asks for somebody's name before they are erased, and then says where it still stands. */
export function ErasePerson({ person: { id, name }, onClose }: Props) {
  const router = useRouter();
  const [typed, setTyped] = useState("");
  const [words, setWords] = useState(false);
  const plan = useQuery(erasurePlanQuery(id));
  const erase = useMutation({ mutationFn: () => send("DELETE", `/api/people/${id}`, { name: typed, words }, erased) });
  const close = () => {
    onClose();
    if (erase.data) router.refresh(); // not before: the row that has this window becomes another's
  };
  if (erase.data) return <Remains name={name} erased={erase.data} onClose={close} />;
  const error = plan.error ?? erase.error;
  const places = plan.data?.places ?? [];
  return (
    <Confirm
      title={`Erase ${name}?`}
      yes={erase.isPending ? "Erasing…" : "Erase"}
      deletes
      disabled={typed.trim() !== name || !plan.data || erase.isPending}
      onYes={() => erase.mutate()}
      onClose={onClose}
    >
      <ul className="grid list-disc gap-1 pl-5">
        <li>Account, sessions, tokens, passkeys and open invitations go.</li>
        <li>
          Votes, comments, runs and entries of the audit log are those of a made-up name, which also replaces @{name}{" "}
          and their e-mail address in texts.
        </li>
        <li>Votes stay and count as before, in agreement, reliability and the work report too.</li>
        <li>
          Backups, replicas, training sets that runs have frozen and files that were exported before keep the name.
        </li>
        <li>The database files are written anew afterwards; what is to be saved meanwhile, votes too, waits.</li>
      </ul>
      {places.length > 0 && (
        <>
          <p className="mt-3">{name} also stands, perhaps as another word, in:</p>
          <NamedPlaces places={places} />
          <label className="mt-2 flex items-center gap-2">
            <input type="checkbox" checked={words} onChange={({ target }) => setWords(target.checked)} />
            Replace the name alone too, but for votes' reasons and rewritten answers
          </label>
        </>
      )}
      <p className="mt-3 text-soft">This cannot be undone.</p>
      <Field label={`Type ${name} to confirm`} value={typed} onChange={({ target }) => setTyped(target.value)} />
      {error && (
        <div className="mt-3">
          <Problem error={error} />
        </div>
      )}
    </Confirm>
  );
}

const Remains = ({ name, erased, onClose }: { name: string; erased: Erased; onClose: () => void }) => (
  <Dialog title={`${name} is erased`} onClose={onClose}>
    <p className="mt-3">Their annotations are those of {erased.name} from now on.</p>
    {erased.places.length > 0 && (
      <>
        <p className="mt-3 font-medium">Texts that have the name, or another word like it</p>
        <NamedPlaces places={erased.places} />
      </>
    )}
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
