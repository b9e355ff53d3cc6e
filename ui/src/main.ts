// Starts the window: styles, the backend, the state, then App; knows nothing else.
import { mount } from "svelte";
import "./styles/tokens.css";
import "./styles/base.css";
import Window from "./App.svelte";
import { openBackend } from "./lib/backend";
import { App } from "./lib/state/app.svelte";

const target = document.getElementById("app");
if (target) {
  const app = new App(await openBackend());
  mount(Window, { target, props: { app } });
  app.start();
}
