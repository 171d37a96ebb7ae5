// Agreement of a queue's raters, from the votes that stand. Unmarked, so that tests read it in plain Node.

import { groupBy } from "../../../common/group-by";
import { createRandom } from "../../../common/random";
import { annotatorNames } from "../../people/annotator-names";
import { isOpinion, type StandingVote, votesOf } from "../judging/standing-votes";
import { type AgreementDto, type Estimate, leastShared, type RaterDto } from "./agreement-schema";
import {
  bootstrapInterval,
  cohenKappa,
  fleissKappa,
  krippendorffAlpha,
  nominal,
  ordinal,
  percentAgreement,
} from "./coefficients";
import { judgesOf } from "./judge-agreement";
import { type Check, goldChecks, mirrorChecks } from "./rater-checks";
import { type Reliability, reliability } from "./reliability";
import { shareOf } from "./share-of";
import { sidesOf } from "./sides-of";

/** Sides as numbers for nominal distances; "both bad" is no tie. Of solutions the steps themselves. */
const sides = { first: 1, second: 2, tie: 3, both_bad: 4 } as const;
const sideOf = ({ verdict, wrongStep }: StandingVote) => wrongStep ?? sides[verdict as keyof typeof sides];
/** From −4, the second much better, to 4. */
const strengthOf = ({ verdict, strength }: StandingVote) =>
  verdict === "first" ? strength! : verdict === "second" ? -strength! : 0;

/** Of the annotators and labels of a queue; ties and "both bad" take no side and say nothing. */
export const reliabilityOf = (votes: StandingVote[]): Reliability => reliability(sidesOf(votes));

export function agreementOf(queueId: number): AgreementDto {
  const votes = votesOf(queueId).filter(({ verdict }) => isOpinion(verdict));
  const byItem = [...groupBy(votes, ({ itemId }) => itemId).values()];
  const shared = byItem.filter(({ length }) => length > 1);
  return {
    raters: ratersOf(queueId, votes, shared),
    judges: judgesOf(queueId, votes),
    shared: shared.length,
    measures: shared.length < leastShared ? null : measured(shared),
  };
}

/** Draws of the bootstrap: fewer where there is very much to draw from, whose intervals are the steadier. */
const drawsOf = (units: number) => Math.max(40, Math.min(300, Math.floor(1e6 / units)));

function measured(shared: StandingVote[][]): NonNullable<AgreementDto["measures"]> {
  const sided = shared.map((votes) => votes.map(sideOf));
  const estimate = (units: number[][], statistic: (units: number[][]) => number): Estimate => {
    const [low, high] = bootstrapInterval(units, statistic, createRandom("agreement"), drawsOf(units.length));
    return { value: statistic(units), low, high };
  };
  return {
    percent: estimate(sided, percentAgreement),
    alphaSide: estimate(sided, (units) => krippendorffAlpha(units, nominal)),
    alphaStrength: estimate(
      shared.map((votes) => votes.map(strengthOf)),
      (units) => krippendorffAlpha(units, ordinal),
    ),
    kappa: kappaOf(shared, estimate),
  };
}

function kappaOf(
  shared: StandingVote[][],
  estimate: (units: number[][], statistic: (units: number[][]) => number) => Estimate,
): NonNullable<AgreementDto["measures"]>["kappa"] {
  const people = [...new Set(shared.flatMap((votes) => votes.map(({ annotatorId }) => annotatorId)))].sort();
  if (people.length === 2) {
    const pairs = shared.map((votes) =>
      people.map((id) => sideOf(votes.find(({ annotatorId }) => annotatorId === id)!)),
    );
    return { kind: "Cohen", ...estimate(pairs, (units) => cohenKappa(units as [number, number][])) };
  }
  if (new Set(shared.map(({ length }) => length)).size > 1) return null;
  return {
    kind: "Fleiss",
    ...estimate(
      shared.map((votes) => votes.map(sideOf)),
      fleissKappa,
    ),
  };
}

function ratersOf(queueId: number, votes: StandingVote[], shared: StandingVote[][]): RaterDto[] {
  const names = annotatorNames();
  const { accuracy } = reliabilityOf(votes);
  const [gold, mirrors] = [goldChecks(queueId), mirrorChecks(queueId)];
  const shareRight = (checks: Check[], id: number) =>
    shareOf(checks.flatMap(({ annotatorId, right }) => (annotatorId === id ? [right] : [])));
  return [...groupBy(votes, ({ annotatorId }) => annotatorId)].map(([id, own]) => {
    const preferred = own.filter(({ verdict }) => verdict === "first" || verdict === "second");
    const met = shared.flatMap((all) => {
      const mine = all.find(({ annotatorId }) => annotatorId === id);
      return mine ? all.filter((other) => other !== mine).map((other) => sideOf(other) === sideOf(mine)) : [];
    });
    const times = own.map(({ activeMs }) => activeMs).sort((a, b) => a - b);
    return {
      id,
      name: names.get(id)!,
      judged: own.length,
      seconds: times[Math.floor(times.length / 2)]! / 1000,
      agreement: shareOf(met),
      reliability: accuracy.get(id) ?? null,
      gold: shareRight(gold, id),
      mirror: shareRight(mirrors, id),
      left: shareOf(preferred.map(({ verdict, shownLeft }) => verdict === shownLeft)),
    };
  });
}
