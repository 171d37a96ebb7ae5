import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { inspectModel } from "@/lib/models/inspect-model";
import { modelFacts } from "@/spec/model-facts";

const query = z.object({ source: z.string().trim().min(1).max(4096) });

/** What the files of a base model say of it. */
export const GET = handle("read", { query, answer: modelFacts }, ({ query: { source } }) => inspectModel(source));
