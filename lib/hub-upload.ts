// A model into a repository of the Hugging Face Hub, or of a server that speaks as it does (HF_ENDPOINT), as one commit.
import { createRepo, uploadFilesWithProgress } from "@huggingface/hub";
import { hubEndpoint, hubToken } from "../common/env";
import { AppError } from "../spec/errors";
import { hubServer, hubStatus } from "./hub";
import type { Watch } from "./watch";

export interface Upload {
  /** As `owner/name`. It is made where there is none. */
  repository: string;
  /** Of a repository that is made; one that is there stays as it is. */
  isPrivate: boolean;
  /** Contents by their paths in the repository; a URL is a file of this machine. */
  files: { path: string; content: URL | Blob }[];
  title: string;
}

export interface Uploaded {
  /** The repository's page. */
  url: string;
  commit: string;
}

/** Throws an AppError that says what the Hub refused, and what to do. */
export async function uploadModel(upload: Upload, { cancelled, says }: Watch = {}): Promise<Uploaded> {
  const accessToken = hubToken();
  if (!accessToken)
    throw new AppError(
      400,
      `HF_TOKEN holds no token: start the server with one that may write to ${upload.repository}.`,
    );
  const { repository, isPrivate, files, title } = upload;
  const repo = { type: "model", name: repository } as const;
  const server = { ...hubServer(), accessToken };
  try {
    await createRepo({ ...server, repo, visibility: isPrivate ? "private" : "public" }).catch((error) => {
      if (hubStatus(error) !== 409) throw error; // there is one
    });
    cancelled?.throwIfAborted();
    const steps = uploadFilesWithProgress({
      ...{ ...server, repo, files, commitTitle: title },
      ...(cancelled && { abortSignal: cancelled }),
    });
    const weights = files.filter(({ path }) => path.endsWith(".safetensors")).length; // the rest goes with the commit
    const sent = new Set<string>();
    for (let step = await steps.next(); ; step = await steps.next()) {
      if (step.done) return { url: `${hubEndpoint()}/${repository}`, commit: step.value!.commit.oid };
      const { value } = step;
      if (value.event === "fileProgress" && value.state === "uploading" && value.progress === 1) sent.add(value.path);
      says?.(`${sent.size} of ${weights} files of weights sent`);
      cancelled?.throwIfAborted(); // the library overlooks what is aborted before it listens
    }
  } catch (cause) {
    if (cancelled?.aborted) throw cause;
    throw new AppError(hubStatus(cause) === null ? 503 : 400, whyRefused(cause, repository), { cause });
  }
}

function whyRefused(error: unknown, repository: string): string {
  const [owner] = repository.split("/");
  if ([401, 403].includes(hubStatus(error) ?? 0))
    return `${hubEndpoint()} does not let the token in HF_TOKEN write to ${repository}: it needs write access to ${owner}.`;
  return `${repository} could not be written at ${hubEndpoint()}: ${error instanceof Error ? error.message : error}. Nothing of it was published.`;
}
