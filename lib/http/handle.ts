// The border of every route handler: who may call, and how errors become answers.
import { z } from "zod";
import { isDiskFull } from "../../common/full-disk";
import { AppError, type Problem } from "../../spec/errors";
import { FieldError } from "../../spec/field-error";
import { isBusy } from "../db/busy";
import { log } from "../logging/log";
import { parseJson, readAtMost } from "./bodies";
import { isLocalHost } from "./local-host";

/** Refuses foreign hosts (DNS rebinding) and, for writes, foreign pages (cross-site requests). */
function admit(request: Request): void {
  const host = request.headers.get("host") ?? "";
  if (!isLocalHost(host)) throw new AppError(400, `this workbench answers on localhost only, not as ${host}`);
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const own = site ? site === "same-origin" || site === "none" : origin === null || origin === `http://${host}`;
  if (!own) throw new AppError(400, "pages of other sites cannot change anything here");
}

/** Wraps a handler, whose errors become answers. */
export function handle<Context>(work: (request: Request, context: Context) => Response | Promise<Response>) {
  return async (request: Request, context: Context): Promise<Response> => {
    const { method, url } = request;
    const path = new URL(url).pathname;
    try {
      admit(request);
      const response = await work(request, context);
      log().debug({ status: response.status }, `${method} ${path}`);
      return response;
    } catch (error) {
      const { status, ...said } = answerTo(error);
      log()[status >= 500 ? "error" : "debug"]({ status, err: error }, `${method} ${path}`);
      return Response.json(said, { status });
    }
  };
}

interface Refusal {
  status: number;
  error: string;
  problems?: Problem[];
  refused?: "vote";
}

/** Zod's problems and FieldErrors become 400, AppErrors their status, the rest 500 without its words: the log has them. */
function answerTo(error: unknown): Refusal {
  if (error instanceof z.ZodError) {
    const problems = error.issues.slice(0, mostProblems).map((i) => ({ path: i.path.join("."), message: i.message }));
    return { status: 400, error: `The request is invalid: ${said(error)}`, problems };
  }
  if (error instanceof AppError) {
    const { message, problems, refused, status } = error;
    return { status, error: message, ...(problems.length > 0 && { problems }), ...(refused && { refused }) };
  }
  if (error instanceof FieldError) {
    const { path, message } = error;
    return { status: 400, error: `${path}: ${message}`, problems: [{ path, message }] };
  }
  if (isBusy(error)) return { status: 503, error: "The database is busy with another program; try again in a moment." };
  if (isDiskFull(error))
    return { status: 507, error: "The disk is full, so nothing can be saved; free some space on it, and try again." };
  return { status: 500, error: "Something went wrong on the server; its log says what." };
}

const mostProblems = 100;

/** The first things that are wrong, each after its field. */
const said = ({ issues }: z.ZodError): string =>
  issues
    .slice(0, 3)
    .map(({ path, message }) => [...path.map(String), message].join(" "))
    .join("; ");

/** A setting, a vote, a run file: nothing that is sent as JSON is near this. */
const largestBody = 2 ** 20;

/** A JSON body of a write, parsed by its schema. */
export async function body<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  if (!request.headers.get("content-type")?.startsWith("application/json"))
    throw new AppError(400, "send JSON (content-type: application/json)");
  return schema.parse(parseJson((await readAtMost(request, largestBody, "The request")).toString("utf8")));
}
