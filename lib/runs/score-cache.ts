// Reference log-probabilities of rows, kept between runs: a trainer that finds them scores nothing.
import { and, eq } from "drizzle-orm";
import type { ScoreCache } from "../../trainers/inference/reference";
import { retryOnBusy } from "../db/busy";
import { metricsDb } from "../db/client";
import { referenceScores } from "../db/metrics-schema";

/** Scores under one reference policy. What is not float32 by its length is an error of the file, and throws. */
export function scoreCache(policy: string): ScoreCache {
  return {
    get(row) {
      const found = metricsDb()
        .select({ logProbs: referenceScores.logProbs })
        .from(referenceScores)
        .where(and(eq(referenceScores.policy, policy), eq(referenceScores.row, row)))
        .get();
      return found && new Float32Array(new Uint8Array(found.logProbs).buffer); // copied: a blob need not be aligned
    },
    put(rows) {
      retryOnBusy(() =>
        metricsDb().transaction(
          (tx) => {
            for (const [row, scores] of rows) {
              const logProbs = Buffer.from(scores.buffer, scores.byteOffset, scores.byteLength);
              tx.insert(referenceScores).values({ policy, row, logProbs }).onConflictDoNothing().run();
            }
          },
          { behavior: "immediate" },
        ),
      );
    },
    clear() {
      retryOnBusy(() => metricsDb().delete(referenceScores).where(eq(referenceScores.policy, policy)).run());
    },
  };
}
