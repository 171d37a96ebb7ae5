export { DataTab as default } from "../../_components/data-tab";
