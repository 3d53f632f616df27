import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

const place = document.getElementById("graphiql");
if (place === null) throw new Error("expected an element #graphiql on this page, found none");
createRoot(place).render(
  createElement(GraphiQL, { fetcher: createGraphiQLFetcher({ url: "/graphql" }) }),
);
