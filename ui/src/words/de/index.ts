// Every word of the window in German. Knows no element.
export { common } from "./common";
