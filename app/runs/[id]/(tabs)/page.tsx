export { Overview as default } from "../_components/overview";
