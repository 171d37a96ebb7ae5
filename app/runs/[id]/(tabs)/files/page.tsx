export { FilesTab as default } from "../../_components/files-tab";
