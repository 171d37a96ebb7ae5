// What surrounds a page, fetched as one part: the list of the files of a part is in the JavaScript of every page, and these share most of theirs.
export { PhoneBar } from "./phone-bar";
export { Rail } from "./rail";
export { TopBar } from "./top-bar";
