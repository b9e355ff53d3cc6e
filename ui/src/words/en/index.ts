// Every word of the window in English, one file an area; the measure of all other languages. Knows no element.
export { common } from "./common";
export { actions } from "./actions";
export { draft } from "./draft";
export { drop } from "./drop";
export { faults } from "./faults";
export { frame } from "./frame";
export { numbers } from "./numbers";
export { queue } from "./queue";
export { desk } from "./desk";
export { connections } from "./connections";
export { detail } from "./detail";
export { manners } from "./manners";
export { settings } from "./settings";
