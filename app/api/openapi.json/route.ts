import document from "@/docs/openapi.json";
import { handle } from "@/lib/http/handle";

/** This document. */
export const GET = handle("public", { answer: ["application/json"] }, () => Response.json(document));
