// The border of every route handler: who may call, what is asked and answered (lib/http/operation.ts), and how errors become answers.
import { z } from "zod";
import { teamUrl } from "../../common/env";
import { isDiskFull } from "../../common/full-disk";
import { isRecord } from "../../common/json";
import { languageIn } from "../../common/languages";
import { rowNumber } from "../../common/row-number";
import type { Language } from "../../common/written-language";
import { AppError, type Refusal } from "../../spec/errors";
import { FieldError } from "../../spec/field-error";
import { may, type Permission } from "../../spec/roles";
import { asAsked, asServer, type CurrentUser } from "../access/asked";
import { note } from "../access/audit";
import { detailOf } from "../access/audit-detail";
import { userOf } from "../access/current-user";
import { type DatasetRef, noDataset, roleFor } from "../access/dataset-roles";
import { isBusy } from "../db/busy";
import { log } from "../logging/log";
import { translate } from "../messages/messages";
import { messageIn, translatedError } from "../messages/translated-error";
import { parseJson, readAtMost } from "./bodies";
import type { Asked, Operation } from "./operation";
import { isOwnHost } from "./own-host";

/** Refuses foreign hosts (DNS rebinding) and, for writes, foreign pages (cross-site requests). */
function admit(request: Request): void {
  const host = request.headers.get("host") ?? "";
  const team = teamUrl();
  if (!isOwnHost(host, new URL(request.url).pathname))
    throw new AppError(400, `this workbench answers on ${team?.host ?? "localhost only"}, not as ${host}`);
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const own = site
    ? site === "same-origin" || site === "none"
    : origin === null || origin === (team?.origin ?? `http://${host}`);
  if (!own) throw new AppError(400, "pages of other sites cannot change anything here");
}

function requirePermission(user: CurrentUser | null, permission: Permission, dataset: DatasetRef | null): void {
  const role = roleFor(user, permission, dataset);
  if (may(role, permission, user?.scopes)) return;
  if (user === null) throw translatedError(401, "error.signInFirst");
  if (role === null) throw noDataset(dataset!);
  if (user.scopes && may(role, permission))
    throw new AppError(403, `This token is not for what needs the permission to ${permission}; make one that is.`);
  const here = dataset === null ? "" : ` on dataset ${dataset.id}`;
  throw new AppError(403, `This needs the permission to ${permission}${here}, which ${role}s do not have.`);
}

/** The dataset that an address is about. */
async function datasetIn(path: string, context: unknown): Promise<DatasetRef | null> {
  const [, section] = /^\/api\/(?:places\/)?(queues|datasets|labelled)\//.exec(path) ?? [];
  const params = isRecord(context) ? await context.params : null;
  if (section === undefined || !isRecord(params)) return null;
  const id = rowNumber(String(params.id));
  return id === null ? null : { kind: section === "labelled" ? "labelled" : "annotate", id };
}

/** Wraps a handler: only who has `permission` gets to it, with what `operation` says that is asked; its errors become answers. */
export function handle<Query, Body, Answer, Context = unknown>(
  permission: Permission,
  operation: Operation<Query, Body, Answer>,
  work: (
    asked: Asked<Query, Body>,
    context: Context,
  ) => Promise<NoInfer<Answer> | Response> | NoInfer<Answer> | Response,
) {
  const { status = 200 } = operation;
  const handler = async (request: Request, context: Context): Promise<Response> => {
    const { method, url } = request;
    const path = new URL(url).pathname;
    let user: CurrentUser | null = null;
    let detail: string | null = null;
    const answered = async (): Promise<Response> => {
      try {
        admit(request);
        user = await userOf(request.headers);
        requirePermission(user, permission, await datasetIn(path, context));
        detail = await detailOf(request, path);
        const answer = await asAsked({ user, permission }, async () =>
          work(await askedIn(request, operation), context),
        );
        const response = answer instanceof Response ? answer : Response.json(answer, { status });
        log().debug({ status: response.status }, `${method} ${path}`);
        return response;
      } catch (error) {
        const { status, ...said } = answerTo(error, languageIn(request.headers.get("accept-language")));
        log()[status >= 500 ? "error" : "debug"]({ status, err: error }, `${method} ${path}`);
        return Response.json(said, { status });
      }
    };
    const response = await answered();
    await asServer(() => note({ request, path, permission, user, detail, response }, Date.now()));
    return response;
  };
  return Object.assign(handler, { permission, operation });
}

async function askedIn<Query, Body>(
  request: Request,
  { query, body }: Operation<Query, Body, unknown>,
): Promise<Asked<Query, Body>> {
  return {
    request,
    query: query?.parse(searchOf(new URL(request.url).searchParams)) as Query,
    body: (body && (await bodyOf(request, body))) as Body,
  };
}

/** What is named several times is a list. */
const searchOf = (search: URLSearchParams) =>
  Object.fromEntries(
    [...new Set(search.keys())].map((name) => {
      const [first, ...more] = search.getAll(name);
      return [name, more.length > 0 ? [first, ...more] : first];
    }),
  );

/** Zod's problems and FieldErrors become 400, AppErrors their status, the rest 500 without its words: the log has them. What annotators see is told in their language. */
function answerTo(error: unknown, language: Language): Refusal & { status: number } {
  if (error instanceof z.ZodError) {
    const problems = error.issues.slice(0, mostProblems).map((i) => ({ path: i.path.join("."), message: i.message }));
    return { status: 400, error: `The request is invalid: ${said(error)}`, problems };
  }
  if (error instanceof AppError) {
    const { problems, refused, status } = error;
    return {
      status,
      error: messageIn(language, error),
      ...(problems.length > 0 && { problems }),
      ...(refused && { refused }),
    };
  }
  if (error instanceof FieldError) {
    const { path, message } = error;
    return { status: 400, error: `${path}: ${message}`, problems: [{ path, message }] };
  }
  if (isBusy(error)) return { status: 503, error: translate(language, "error.busy") };
  if (isDiskFull(error)) return { status: 507, error: translate(language, "error.diskFull") };
  return { status: 500, error: translate(language, "error.unexpected") };
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
async function bodyOf<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  if (!request.headers.get("content-type")?.startsWith("application/json"))
    throw new AppError(400, "send JSON (content-type: application/json)");
  return schema.parse(parseJson((await readAtMost(request, largestBody, "The request")).toString("utf8")));
}
