// Every word of the window in English, one file an area; the measure of all other languages. Knows no element.
export { common } from "./common";
