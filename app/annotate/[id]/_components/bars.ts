// What stands in place of the votes on a pair; fetched as one.
export { RankingBar } from "./ranking-bar";
export { SingleBar } from "./single-bar";
