import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { modelsQuery } from "@/app/_client/queries";
import { AtWork } from "../../../../ui/at-work";
import { Button } from "../../../../ui/buttons";
import { Card } from "../../../../ui/cards";
import { Link } from "../../../../ui/link";
import { useNewModel } from "../../../_components/use-new-model";
import { modelPage } from "../../../model-path";

interface Props {
  source: string;
  name: string;
  template: string;
  /** Whether the template differs from the model's own, and nothing is wrong with it. */
  isReady: boolean;
}

/** Writes a copy of the model that has the template. It stands under the model from then on. */
export function SaveModel({ source, name: of, template, isReady }: Props) {
  const [name, setName] = useState(`${of} with another template`);
  const { start, job, isBusy, problem, cancel } = useNewModel();
  const { data: models } = useQuery({ ...modelsQuery, enabled: job?.status === "finished" });
  const made = start.variables && models?.find((one) => one.parent === source && one.name === start.variables.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate({ source, name: name.trim(), template });
  };
  return (
    <Card title="Save as a new model">
      {isBusy ? (
        <AtWork said={job?.said || `Writing ${name}`} progress={job?.progress ?? null} onCancel={cancel} />
      ) : (
        <form onSubmit={submit} data-needs="write">
          <label htmlFor="new-name" className="mb-1 block font-medium">
            Name
          </label>
          <div className="flex gap-2">
            <input
              id="new-name"
              value={name}
              onChange={(event) => setName(event.target.value)}
              aria-describedby="new-name-help"
              aria-invalid={problem != null}
              className="min-w-0 flex-1 rounded-md border bg-canvas px-3 py-2 aria-invalid:border-bad"
            />
            <Button type="submit" kind="primary" disabled={!isReady || name.trim() === ""}>
              Save model
            </Button>
          </div>
          <p id="new-name-help" aria-live="polite" className={`mt-1 text-sm ${problem ? "text-bad" : "text-soft"}`}>
            {problem ?? "A copy of the weights with this template: runs, chats and exports of it use it."}
          </p>
          {job?.status === "finished" && made && (
            <p role="status" className="mt-2">
              Saved:{" "}
              <Link href={modelPage(made.id)} className="underline">
                {made.name}
              </Link>
            </p>
          )}
        </form>
      )}
    </Card>
  );
}
