// The border of every route handler: who may call, and how errors become answers.
import { z } from "zod";
import { patientlyAsync } from "./db/busy";
import { AppError } from "./errors";
import { isLocalHost } from "./local-host";

/** Refuses foreign hosts (DNS rebinding) and, for writes, foreign pages (cross-site requests). */
function admit(request: Request): void {
  const host = request.headers.get("host") ?? "";
  if (!isLocalHost(host)) throw new AppError(400, `this workbench answers on localhost only, not as ${host}`);
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const own = site ? site === "same-origin" || site === "none" : origin === null || origin === `http://${host}`;
  if (!own) throw new AppError(400, "a page of another site may not change anything here");
}

/** Wraps a handler: zod problems become 400, AppErrors their status, the rest 500 with its cause in the log. */
export function handle<Context>(work: (request: Request, context: Context) => Response | Promise<Response>) {
  return async (request: Request, context: Context): Promise<Response> => {
    try {
      admit(request);
      return await patientlyAsync(() => work(request, context));
    } catch (error) {
      if (error instanceof z.ZodError)
        return Response.json(
          {
            error: `The request cannot be taken as it is: ${said(error)}`,
            problems: error.issues.map((i) => ({ path: i.path.join("."), message: i.message })),
          },
          { status: 400 },
        );
      if (error instanceof AppError) {
        const { message, problems, refused, status } = error;
        if (status >= 500) console.error(request.method, new URL(request.url).pathname, error);
        const more = { ...(problems.length > 0 && { problems }), ...(refused && { refused }) };
        return Response.json({ error: message, ...more }, { status });
      }
      console.error(request.method, new URL(request.url).pathname, error);
      return Response.json({ error: "Something went wrong on the server; its log says what." }, { status: 500 });
    }
  };
}

/** The first things that are wrong, each after its field. */
const said = ({ issues }: z.ZodError): string =>
  issues
    .slice(0, 3)
    .map(({ path, message }) => [...path.map(String), message].join(" "))
    .join("; ");

/** A JSON body of a write, parsed by its schema. */
export async function body<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  if (!request.headers.get("content-type")?.startsWith("application/json"))
    throw new AppError(400, "send JSON (content-type: application/json)");
  const text = await request.clone().text(); // a clone: where the database is busy, `handle` runs the handler again
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AppError(400, `the body is not JSON: ${error.message}`, { cause: error });
    throw error;
  }
}
