"use client";

import { useMutation } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { z } from "zod";
import { request, send } from "@/app/_client/checked-fetch";
import { Button } from "@/app/ui/buttons";
import { Table } from "@/app/ui/table";
import { sayError } from "@/app/ui/toast";
import { dollarWords, type EndpointDto, endpointDto, endpointHeard } from "@/lib/endpoints/endpoint-schema";

interface Props {
  endpoints: EndpointDto[];
  onChange: (endpoint: EndpointDto) => void;
  onListed: (endpoints: EndpointDto[], said: string) => void;
}

export function EndpointTable({ endpoints, onChange, onListed }: Props) {
  const test = useMutation({
    mutationFn: ({ id }: EndpointDto) => send("POST", `/api/endpoints/${id}/test`, {}, endpointHeard),
  });
  const remove = useMutation({
    mutationFn: ({ id }: EndpointDto) => request(`/api/endpoints/${id}`, z.array(endpointDto), { method: "DELETE" }),
    onSuccess: (listed, { name }) => onListed(listed, `${name} is removed. What it said and cost stays.`),
    onError: (error) => void sayError(error.message),
  });
  const tested = test.variables?.name;
  return (
    <>
      <section className="overflow-x-auto" tabIndex={0} aria-label="Endpoints: table">
        <Table
          rows={endpoints}
          keyOf={({ id }) => id}
          className="min-w-[64rem]"
          columns={[
            { name: "Name", cell: ({ name }) => name },
            { name: "Model", cell: ({ model }) => <code className="font-mono text-xs">{model}</code> },
            { name: "Address", cell: ({ baseUrl }) => <code className="font-mono text-xs">{baseUrl}</code> },
            { name: "Key", cell: (endpoint) => <KeyWords {...endpoint} /> },
            {
              ...{ name: "Price", unit: "$ per million tokens, in / out", numeric: true },
              cell: ({ inputPrice, outputPrice }) => `${inputPrice} / ${outputPrice}`,
            },
            { name: "Requests", unit: "a minute", numeric: true, cell: ({ requestsPerMinute }) => requestsPerMinute },
            { name: "Spent", numeric: true, cell: (endpoint) => <Spent {...endpoint} /> },
            {
              ...{ name: "Actions", silent: true },
              cell: (endpoint) => (
                <span className="flex justify-end gap-1">
                  <Button
                    aria-label={`Test ${endpoint.name}`}
                    disabled={test.isPending}
                    onClick={() => test.mutate(endpoint)}
                  >
                    <Send size={14} aria-hidden /> Test
                  </Button>
                  <Button kind="quiet" aria-label={`Change ${endpoint.name}`} onClick={() => onChange(endpoint)}>
                    Change
                  </Button>
                  <Button
                    kind="quiet"
                    aria-label={`Remove ${endpoint.name}`}
                    disabled={remove.isPending}
                    onClick={() => remove.mutate(endpoint)}
                  >
                    Remove
                  </Button>
                </span>
              ),
            },
          ]}
        />
      </section>
      <p role="status" className={`mt-2 min-h-5 [overflow-wrap:anywhere] ${test.error ? "text-bad" : "text-soft"}`}>
        {test.isPending ? `Asking ${tested}…` : (test.error?.message ?? (test.data && `${tested}: ${test.data.heard}`))}
      </p>
    </>
  );
}

const KeyWords = ({ keyVariable, hasKey }: EndpointDto) =>
  keyVariable === null ? (
    "none"
  ) : (
    <span className={hasKey ? "" : "text-bad"}>
      <code className="font-mono text-xs">{keyVariable}</code> {hasKey ? "is set" : "is not set"}
    </span>
  );

const Spent = ({ spent, spendingCap, requests }: EndpointDto) => (
  <span title={`${requests.toLocaleString("en")} requests were answered`}>
    {dollarWords(spent)}
    {spendingCap !== null && <span className="text-soft"> of {dollarWords(spendingCap)}</span>}
  </span>
);
