import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "./page.css";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

/** Query that the editor opens with: who contributed what to the ideas of this graph. */
const DEFAULT_QUERY = `# Every field is described under the book symbol on the left.
{
  newest(kind: "idea", first: 5) {
    edges {
      node {
        title
        contributions(first: 5) {
          edges { node { nature role agent { title } attributions { words } } }
        }
      }
    }
  }
}
`;

const place = document.getElementById("graphiql");
if (place === null) throw new Error("expected an element #graphiql on this page, found none");
createRoot(place).render(
  createElement(GraphiQL, {
    fetcher: createGraphiQLFetcher({ url: "/graphql" }),
    defaultQuery: DEFAULT_QUERY,
  }),
);
