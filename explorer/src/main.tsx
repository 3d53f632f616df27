/** Entry point of the explorer. */

import "./style/base.css";
import "./style/parts.css";
import "./style/pages.css";
import "./style/lineage.css";
import { render } from "preact";
import { App } from "./app";
import { Router } from "./router";

const place = document.getElementById("page");
if (place === null) throw new Error("expected an element #page, found none");
render(
  <Router>
    <App />
  </Router>,
  place,
);
