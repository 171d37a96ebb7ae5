// What stands in place of a pair and of the votes on it; fetched as one.
export { OtherVotes } from "./other-votes";
export { Steps } from "./steps";
