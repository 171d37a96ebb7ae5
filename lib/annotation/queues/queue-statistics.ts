// Statistics of a queue: agreement, annotators, and the leaderboard of the models.
import type { AgreementDto } from "../agreement/agreement-schema";
import { agreementOf } from "../agreement/queue-agreement";
import { ratingsOf } from "../arena/queue-ratings";
import type { Rating } from "../arena/ratings";

export interface QueueStatistics {
  agreement: AgreementDto;
  ratings: Rating[];
}

export const statisticsOf = (queueId: number): QueueStatistics => ({
  agreement: agreementOf(queueId),
  ratings: ratingsOf(queueId),
});

const notANumber = "NaN";
/** As text and back: JSON has no NaN, which a statistic is where it cannot be told. */
export const asText = (statistics: QueueStatistics): string =>
  JSON.stringify(statistics, (_, value: unknown) => (Number.isNaN(value) ? notANumber : value));
export const fromText = (text: string): QueueStatistics =>
  JSON.parse(text, (key, value: unknown) => (value === notANumber && key !== "name" ? Number.NaN : value));
