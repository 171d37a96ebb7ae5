export { SamplesTab as default } from "../../_components/samples-tab";
