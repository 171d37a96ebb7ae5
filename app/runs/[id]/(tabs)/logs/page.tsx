export { LogsTab as default } from "../../_components/logs-tab";
