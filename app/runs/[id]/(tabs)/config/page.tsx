export { ConfigTab as default } from "../../_components/config-tab";
