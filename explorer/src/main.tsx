/** The web page of Colineage. */

import "./style/base.css";
import "./style/parts.css";
import "./style/pages.css";
import "./style/lineage.css";
import { render } from "preact";
import { App } from "./app";
import { History } from "./router";

const place = document.getElementById("page");
if (place === null) throw new Error("expected an element #page, found none");
render(
  <History>
    <App />
  </History>,
  place,
);
