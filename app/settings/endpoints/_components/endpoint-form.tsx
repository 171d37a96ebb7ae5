"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { send } from "@/app/_client/checked-fetch";
import { Card } from "@/app/ui/cards";
import { Typed } from "@/app/ui/setting";
import { useHydrated } from "@/app/ui/use-hydrated";
import { type EndpointDto, endpointDto, endpointInput } from "@/lib/endpoints/endpoint-schema";
import { FormEnd } from "../../_components/form-end";

interface Props {
  /** Null for another one. */
  endpoint: EndpointDto | null;
  onListed: (endpoints: EndpointDto[], said: string) => void;
  onCancel: () => void;
}

const fields = [
  { name: "name", label: "Name", about: "As pages and commands call it." },
  { name: "baseUrl", label: "Address", about: "As far as /v1: https://api.openai.com/v1, http://127.0.0.1:11434/v1." },
  { name: "model", label: "Model", about: "As the server calls it." },
  {
    name: "keyVariable",
    label: "Variable of the key",
    about: "The environment variable that holds the key, like OPENAI_API_KEY. Empty where none is asked for.",
  },
  { name: "inputPrice", label: "Price of input", about: "Dollars for a million tokens; 0 where it costs nothing." },
  { name: "outputPrice", label: "Price of output", about: "Dollars for a million tokens." },
  { name: "requestsPerMinute", label: "Requests a minute", about: "No more are sent, retries included." },
  { name: "spendingCap", label: "Cap on spending", about: "Dollars in all; nothing is asked beyond. Empty sets none." },
] as const;
type Name = (typeof fields)[number]["name"];
type Texts = Record<Name, string>;

const usual: Texts = {
  ...{ name: "", baseUrl: "", model: "", keyVariable: "" },
  ...{ inputPrice: "0", outputPrice: "0", requestsPerMinute: "60", spendingCap: "" },
};

const textsOf = (endpoint: EndpointDto): Texts =>
  Object.fromEntries(fields.map(({ name }) => [name, String(endpoint[name] ?? "")])) as Texts;

/** A number that is none stays none, for the schema to refuse. */
const numberIn = (text: string) => (text.trim() === "" ? Number.NaN : Number(text));

const inputOf = ({ keyVariable, inputPrice, outputPrice, requestsPerMinute, spendingCap, ...texts }: Texts) => ({
  ...texts,
  keyVariable: keyVariable.trim() || null,
  inputPrice: numberIn(inputPrice),
  outputPrice: numberIn(outputPrice),
  requestsPerMinute: numberIn(requestsPerMinute),
  spendingCap: spendingCap.trim() === "" ? null : numberIn(spendingCap),
});

export function EndpointForm({ endpoint, onListed, onCancel }: Props) {
  const hydrated = useHydrated();
  const [texts, setTexts] = useState(endpoint === null ? usual : textsOf(endpoint));
  const [problems, setProblems] = useState<Partial<Record<string, string>>>({});
  const save = useMutation({
    mutationFn: (input: z.output<typeof endpointInput>) =>
      endpoint === null
        ? send("POST", "/api/endpoints", input, z.array(endpointDto))
        : send("PATCH", `/api/endpoints/${endpoint.id}`, input, z.array(endpointDto)),
    onSuccess: (listed, { name }) =>
      onListed(listed, endpoint === null ? `${name} is named. Test it above.` : "Saved."),
  });
  const submit = () => {
    const { data, error } = endpointInput.safeParse(inputOf(texts));
    setProblems(Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [path.join("."), message])));
    if (data) save.mutate(data);
  };
  return (
    <Card title={endpoint === null ? "Name an endpoint" : `Change ${endpoint.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <fieldset disabled={!hydrated} className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
          {fields.map(({ name, ...shown }) => (
            <Typed
              key={name}
              {...shown}
              value={texts[name]}
              problem={problems[name]}
              onChange={(value) => {
                setTexts({ ...texts, [name]: value });
                save.reset();
              }}
            />
          ))}
        </fieldset>
        <FormEnd
          label={endpoint === null ? "Add endpoint" : "Save"}
          disabled={!hydrated || save.isPending}
          error={save.error}
          onCancel={endpoint === null ? null : onCancel}
        />
      </form>
    </Card>
  );
}
