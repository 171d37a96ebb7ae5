// The Hugging Face Hub, or a server that speaks as it does (HF_ENDPOINT): with a token where the environment has one (HF_TOKEN), and with its
// errors in sentences.
import { HubApiError } from "@huggingface/hub";
import { hubEndpoint, hubToken } from "../common/env";
import { AppError } from "../spec/errors";

/** As every call to the Hub takes it. */
export function hubServer(): { hubUrl: string; accessToken?: string } {
  const token = hubToken();
  return { hubUrl: hubEndpoint(), ...(token && { accessToken: token }) };
}

/** The HTTP status with which the Hub refused; null where it did not answer. */
export const hubStatus = (error: unknown): number | null => (error instanceof HubApiError ? error.statusCode : null);

interface Asked {
  kind: "dataset" | "model";
  /** As `owner/name`. */
  id: string;
  revision: string;
  /** What to do where it is closed. */
  closed: string;
  /** What else to say where the Hub fails. */
  failed?: () => string;
}

/** What `work` asks of the Hub; a refusal is told of what was asked for. */
export async function onHub<T>(
  { kind, id, revision, closed, failed = () => "" }: Asked,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError || (cause as Error).name === "AbortError") throw cause;
    const status = hubStatus(cause);
    const endpoint = hubEndpoint();
    if (status === 401 || status === 403)
      throw new AppError(401, `${id} is not open to everybody: ${closed}.`, { cause });
    if (status === 404)
      throw new AppError(404, `${endpoint} has no ${kind} ${id} with a revision ${revision}.`, { cause });
    throw new AppError(503, `${id} could not be fetched from ${endpoint}: ${(cause as Error).message}${failed()}`, {
      cause,
    });
  }
}
