import type { Route } from "next";
import { onGpusAddresses } from "@/spec/requirements/in-address";
import { Link } from "./link";

/** A sentence of the workbench's, in which the address of a plan for GPUs is a link. */
export const Sentence = ({ text }: { text: string }) =>
  text.split(onGpusAddresses).map((part) =>
    onGpusAddresses.test(part) ? (
      <Link key={part} href={part as Route} className="underline">
        what they would need
      </Link>
    ) : (
      part
    ),
  );
