export { ChartsTab as default } from "../../_components/charts-tab";
